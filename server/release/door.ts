/**
 * The door between the two rooms: the only holder of the publisher's connection.
 * Out: release, publish, retract, invite. In: what customers wrote, and the mails their portal wants sent.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { DeskContext } from "../desk/context.ts";
import type { Door } from "../desk/door.ts";
import type { DeskSettings } from "../platform/config.ts";
import { folderStore } from "../platform/storage.ts";
import { publishContact } from "./admit.ts";
import { collect } from "./collect.ts";
import type { DoorContext } from "./context.ts";
import { deliverPortalMails } from "./courier.ts";
import { customerView } from "./customer-view.ts";
import { inviteContact } from "./invite.ts";
import { writeNewMail } from "./new-mail.ts";
import { leaveOutOfTicket, takeOntoTicket } from "./participants.ts";
import { previewRelease } from "./preview.ts";
import { publishTickets } from "./publish.ts";
import { listenTo, openPublisher } from "./publisher.ts";
import { releaseEntry } from "./release.ts";
import { releaseTicket } from "./release-ticket.ts";
import { takeBackReply, writeReply } from "./reply.ts";
import { retractEntry } from "./retract.ts";
import { sweepPortal } from "./sweep.ts";

export type OpenDoor = { verbs: Door; close: () => Promise<void> };

/** Opens the publisher's connection, starts the door's jobs, and listens for customers. */
export async function openDoor({
  settings,
  context,
}: {
  settings: DeskSettings;
  context: DeskContext;
}): Promise<OpenDoor> {
  const publisher = openPublisher(settings.DATABASE_URL_PUBLISHER);
  const door: DoorContext = {
    ...context,
    publisher,
    portalFiles: folderStore(settings.PORTAL_FILES),
    timers: new Set(),
    apart: AsyncLocalStorage.snapshot(),
  };
  const { queue, desk } = context;

  const running: Running = new Set();
  const work: DeskContext["queue"]["work"] = (name, handle, options) =>
    queue.work(name, counted(running, handle), options);
  await work("publish-ticket", ({ ticketId }) => publishTickets(door, [ticketId]), {
    sideBySide: 2,
    atATime: 8,
    together: counted(running, (jobs) =>
      publishTickets(
        door,
        jobs.map(({ ticketId }) => ticketId),
      ),
    ),
  });
  await work("publish-contact", ({ contactId }) => publishContact(door, contactId), { atATime: 8 });
  await work("sweep-portal", () => sweepPortal(door));
  await work("collect", () => collect(door));
  await work("courier", () => deliverPortalMails(door));

  const listening = await listenTo(settings.DATABASE_URL_PUBLISHER, {
    customer_act: () => queue.enqueue(desk, "collect", {}, { key: "all" }),
    portal_mail: () => queue.enqueue(desk, "courier", {}, { key: "all" }),
  });

  return {
    verbs: {
      writeReply: writeReply(door),
      writeNewMail: writeNewMail(door),
      takeBackReply: takeBackReply(door),
      releaseEntry: releaseEntry(door),
      retractEntry: retractEntry(door),
      previewRelease: previewRelease(door),
      customerView: customerView(door),
      releaseTicket: releaseTicket(door),
      inviteContact: inviteContact(door),
      takeOntoTicket: takeOntoTicket(door),
      leaveOutOfTicket: leaveOutOfTicket(door),
    },
    close: async () => {
      await listening.close();
      for (const timer of door.timers) clearTimeout(timer);
      await Promise.allSettled(running);
      await publisher.$disconnect();
    },
  };
}

/** Jobs under way in this process; closing waits for them. */
type Running = Set<Promise<void>>;

const counted =
  <Data>(running: Running, handle: (data: Data) => Promise<void>) =>
  async (data: Data) => {
    const work = handle(data);
    running.add(work);
    try {
      await work;
    } finally {
      running.delete(work);
    }
  };
