/** Where Graph's answers send us: only to Graph itself, and never in a circle. Such an address carries our token, or a file. */
import { say } from "../say.ts";
import { GraphTrouble } from "./trouble.ts";

/** Upload sessions of mails are Outlook's, not Graph's (https://learn.microsoft.com/graph/outlook-large-attachments); national clouds have their own. */
const outlooks = new Set([
  "https://outlook.office.com",
  "https://outlook.office365.com",
  "https://outlook.office365.us",
  "https://outlook-dod.office365.us",
  "https://partner.outlook.cn",
]);
const isMicrosofts = (graphUrl: string) =>
  /\.microsoft\.(com|us)$|\.chinacloudapi\.cn$/.test(new URL(graphUrl).hostname);

/** A path below Graph's version stays; a whole link must lead to Graph. */
export function onlyToGraph(graphUrl: string, path: string): string {
  if (path.startsWith("/") && !path.startsWith("//")) return path;
  return ownOrigin(path) === graphUrl ? path : refuse(path);
}

/** An upload session's address: Graph's, or Outlook's where Graph is Microsoft's. */
export function onlyToUploads(graphUrl: string, url: string): string {
  const origin = ownOrigin(url);
  const trusted = origin === graphUrl || (origin !== null && isMicrosofts(graphUrl) && outlooks.has(origin));
  return trusted ? url : refuse(url);
}

/** Null for what is no address, and for one that carries a name or password. */
function ownOrigin(link: string): string | null {
  const url = URL.parse(link);
  return url && !url.username && !url.password ? url.origin : null;
}

function refuse(link: string): never {
  const host = URL.parse(link)?.host || "an address that is none";
  throw new GraphTrouble("refused", foreign, say("sent_elsewhere", host));
}

const foreign = "foreign_link";
const circle = "circle";

/** The place we kept leads nowhere we may go: read the mailbox from its start. */
export const leadsAstray = (error: unknown) =>
  error instanceof GraphTrouble && (error.code === foreign || error.code === circle);

/** Hears of each link before it is followed, and ends a circle at its second round. */
export function neverTwice() {
  const followed = new Set<string>();
  return (link: string) => {
    if (followed.has(link)) throw new GraphTrouble("refused", circle, say("in_a_circle"));
    followed.add(link);
  };
}
