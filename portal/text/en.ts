import type { statuses } from "../contract.ts";

type Status = (typeof statuses)[number];

/** The portal in English. A sentence says what happened and what to do next. */
export const en = {
  languageName: "English",
  portal: "Customer portal",
  skipToContent: "Skip to content",
  language: "Language",
  signOut: "Sign out",
  signedInAs: (name: string) => `Signed in as ${name}`,
  back: "All requests",

  list: {
    title: "Your requests",
    open: "Open",
    closed: "Closed",
    which: "Which requests",
    search: "Search your requests",
    searchHint: "Number, subject or words",
    doSearch: "Search",
    clearSearch: "Clear the search",
    found: (search: string) => `Requests that contain “${search}”`,
    more: "Older requests",
    updated: "Updated",
    newTicket: "New request",
    emptyOpen: "Nothing is open.",
    emptyOpenNext: "When you need us, write a new request. We answer here and by e-mail.",
    emptyClosed: "Nothing is closed yet.",
    emptyClosedNext: "What has been settled will be kept here.",
    emptySearch: "No request contains these words.",
    emptySearchNext: "Try fewer words, or look at all requests.",
    onItsWay: "On its way to us",
  },

  status: {
    new: "Received",
    in_progress: "In progress",
    waiting_on_customer: "Waiting for you",
    waiting_on_third_party: "Waiting for a third party",
    resolved: "Solved",
    closed: "Closed",
    cancelled: "Cancelled",
  } satisfies Record<Status, string> as Record<Status, string>,

  turn: {
    ours: "It is our turn.",
    customer: "It is your turn: please answer.",
    third_party: "We are waiting for somebody else.",
    nobody: "Nothing is left to do.",
  },

  ticket: {
    number: (number: number) => `Request #${number}`,
    opened: (name: string) => `Opened by ${name}`,
    status: "Status",
    conversation: "Conversation",
    noEntries: "Nothing has been written here yet.",
    noEntriesNext: "As soon as we write to you, you will read it here.",
    team: "Our team",
    you: "You",
    files: "Files",
    image: (name: string) => `Image: ${name}`,
    sending: "Sending …",
    news: "There is a new answer in the conversation.",
    closing: "You closed this request.",
    answer: "Your answer",
    answered: "Your answer has arrived.",
    toAnswer: "Answer",
    answerHint: "Write what we should know.",
    continued: (number: number) => `This request is continued in #${number}.`,
    openContinued: (number: number) => `Open request #${number}`,
    continuedIn: (number: number) => `Continued in #${number}`,
    reopens: "This request is closed. Your answer opens it again.",
    send: "Send answer",
    close: "Close request",
    closeHint: "Everything is settled? You can open it again at any time by answering.",
    closedOn: "Closed",
  },

  write: {
    title: "New request",
    subject: "Subject",
    subjectHint: "In a few words",
    text: "What is it about?",
    textHint: "The more we know, the sooner we can help.",
    files: "Add files",
    filesHint: "Up to 10 files, 25 MB each.",
    kept: "Files you have already added",
    send: "Send request",
    wait: "Sending …",
    sentTitle: "We have your request",
    sentNext: "It gets its number in a moment. This page then takes you to it; we have also put it on your list.",
    toList: "To your requests",
  },

  signIn: {
    title: "Sign in",
    lead: "We send a code to your e-mail address. No password needed.",
    address: "E-mail address",
    addressHint: "The address you write to us from",
    askForCode: "Send me a code",
    codeTitle: "Enter your code",
    codeLead: (address: string) =>
      `If we know ${address}, a code of 8 digits is on its way to it. It is valid for 10 minutes.`,
    enoughCodes: (address: string) =>
      `If we know ${address}, several codes went to it just now, so we send no other one yet. Enter the newest that arrived there. If it is older than 10 minutes, ask for another in half an hour, or, after a dozen on one day, on the next.`,
    code: "Code",
    codeHint: "8 digits, from the newest mail",
    enter: "Sign in",
    again: "Send another code",
    otherAddress: "Use another address",
    noMail: "No mail after two minutes? Look into the spam folder, then let us send another code.",
    signedOut: "You are signed out.",
  },

  link: {
    reading: "You are reading one request through its secure link.",
    answer: "Answer this request",
    answerHint: (address: string) => `To write, we send a code to ${address}.`,
    askForCode: "Send me a code",
  },

  errors: {
    summary: "Please look at this again:",
    addressWrong: "This is not an e-mail address. It looks like name@company.com.",
    codeShape: "The code has 8 digits. Copy it from the mail.",
    codeWrong: "This code is not right, or no longer valid. Look for the newest mail, or let us send another code.",
    codeExpired: "Enter your address again, so that we can send you a new code.",
    subjectMissing: "Give your request a subject, so that you find it again.",
    subjectLong: "The subject is longer than 200 characters. Shorten it; the rest fits into the text.",
    textMissing: "Write something first.",
    textLong: "The text is longer than 50,000 characters. Send the rest as a file.",
    fileLarge: (name: string) => `“${name}” is larger than 25 MB. Make it smaller, or send it in parts.`,
    fileEmpty: (name: string) => `“${name}” is empty. Choose it again.`,
    filesMany: "These are more than 10 files. Send the rest with another answer.",
    sentBefore:
      "This form was already sent with other words. What you see here has not been sent; send it now if you still want to.",
  },

  problem: {
    400: { title: "This could not be read", next: "Go back, check what you entered, and try again." },
    403: {
      title: "This came from another page",
      next: "For your safety we only take what was sent from this portal. Go back, load the page again, and send it once more.",
    },
    404: {
      title: "There is nothing here",
      next: "The address may be mistyped, or what was here is no longer shared with you.",
    },
    link: {
      title: "This link does not open anything",
      next: "It may have expired or been replaced. Sign in with your e-mail address: you will find your requests there.",
    },
    413: {
      title: "That is too much at once",
      next: "Up to 10 files of 25 MB each fit into one message. Send the rest with another one.",
    },
    429: { title: "Too many tries", next: "Please wait a little, then try again." },
    500: { title: "Something on our side failed", next: "Nothing was changed. Please try again in a moment." },
    503: {
      title: "We will be back in a moment",
      next: "The portal cannot reach its data right now. Please try again in a minute.",
    },
    retryIn: (minutes: number) =>
      minutes <= 1 ? "You can try again in a minute." : `You can try again in ${minutes} minutes.`,
    home: "To your requests",
  },
};
