/** The whole pane in jsdom: real components, real MSAL, a desk at fetch and an Outlook at Office.js. */
import { cleanup, configure, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { Pane } from "../../addin/pane/pane.tsx";
import { speechFor } from "../../addin/text/text.tsx";
import { openDesk } from "./desk.ts";
import { type OutlookWish, openOutlook } from "./outlook.ts";

// Parts of the pane are fetched when they are needed first; a busy machine takes its time.
configure({ asyncUtilTimeout: 30_000 });

const settings = {
  authority: "https://login.test/tenant",
  clientId: "0b54c1de-3c1f-4f0c-8a55-c0ffee0d35c1",
  scopes: ["api://desk/Desk.Use"],
};

export async function openPane(wish: OutlookWish & { mail?: string | null; desk: Parameters<typeof openDesk>[0] }) {
  const desk = openDesk(wish.desk);
  const outlook = openOutlook(wish);
  outlook.select(wish.mail === undefined ? "mail A" : wish.mail);
  const speech = await speechFor(wish.locale ?? "en-US");
  render(<Pane start="ready" settings={settings} speech={speech} />);
  return { desk, outlook, person: userEvent.setup() };
}

/** What jsdom lacks of a browser. */
export function furnishBrowser() {
  Object.assign(window, {
    matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {} }),
  });
  HTMLDialogElement.prototype.showModal ??= function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function () {
    this.open = false;
  };
}

export function closePane() {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
}

/** The words as somebody types them. */
export async function write(
  person: Awaited<ReturnType<typeof openPane>>["person"],
  label: RegExp | string,
  words: string,
) {
  const field = await screen.findByRole("textbox", { name: label });
  await person.click(field);
  await person.keyboard(words);
}
