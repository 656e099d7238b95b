import { useSyncExternalStore } from "react";
import type { Person } from "./start.ts";

/** Whose Outlook this tab is: the mailbox that is open, and who is signed in. It is in the address, so a tab can be kept. */
export type Place = { mailbox: Person; signedIn: Person };

/** One entry of the mailbox switcher: a mailbox, or a shared one as one of its members. */
export function placesOf(people: Person[]): Place[] {
  return people.flatMap((mailbox) =>
    mailbox.kind === "shared"
      ? people.filter((each) => mailbox.members?.includes(each.address)).map((signedIn) => ({ mailbox, signedIn }))
      : [{ mailbox, signedIn: mailbox }],
  );
}

export function usePlace(people: Person[]): [Place, (place: Place) => void] {
  const search = useSyncExternalStore(followAddress, () => window.location.search);
  const asked = new URLSearchParams(search);
  const places = placesOf(people);
  const first = places.find(({ mailbox }) => mailbox.kind === "shared") ?? places[0];
  if (!first) throw new Error("Nobody lives in this sandbox: sandbox/world.ts lists no people.");
  const place =
    places.find((each) => each.mailbox.address === asked.get("mailbox") && each.signedIn.address === asked.get("as")) ??
    places.find((each) => each.mailbox.address === asked.get("mailbox")) ??
    first;
  return [place, goTo];
}

export const addressOf = ({ mailbox, signedIn }: Place) =>
  `/?${new URLSearchParams({ mailbox: mailbox.address, ...(signedIn === mailbox ? {} : { as: signedIn.address }) })}`;

function goTo(place: Place) {
  window.history.pushState(null, "", addressOf(place));
  window.dispatchEvent(new PopStateEvent("popstate"));
}

function followAddress(listener: () => void) {
  window.addEventListener("popstate", listener);
  return () => window.removeEventListener("popstate", listener);
}
