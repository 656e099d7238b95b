/** Settings, read once from the environment, checked, and named when missing. Every one is explained in .env.example. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { isLoopback } from "./loopback.ts";

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const address = z
  .string()
  .regex(/^postgres(ql)?:\/\//, "is an address such as postgresql://role:password@host:5432/database");
/** Whoever reads the line between two machines reads tokens, mails and session cookies. */
const isPrivate = (text: string) => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
};
const webAddress = z.url().refine(isPrivate, "begins with https:// (http:// only on this machine)");
const origin = webAddress.transform((url) => new URL(url).origin);
/** One by one: a pattern would let a page of somebody else frame the pane. */
const origins = z
  .string()
  .refine(
    (text) => wordsOf(text).every((word) => !word.includes("*") && isPrivate(word) && URL.parse(word)?.origin === word),
    "names origins such as https://outlook.office.com, separated by spaces, without * and without a path",
  );
const wordsOf = (text = "") => text.split(/\s+/).filter(Boolean);
const secret = z.string().min(32, "has at least 32 characters; make one with: openssl rand -hex 32");
/** An empty line in .env is no setting. */
const optional = <Type extends z.ZodType>(type: Type) => z.preprocess((value) => value || undefined, type.optional());

/** With what finishes after it, less than the thirty seconds after which a supervisor kills. */
const drainSeconds = z.coerce.number().min(0).max(8).default(2);

const Desk = z.object({
  DESKHATCH_DATA: z.string().default(".data"),
  DESK_HOST: z.string().default("127.0.0.1"),
  DESK_PORT: port(3000),
  DRAIN_SECONDS: drainSeconds,
  DESK_URL: origin,
  PORTAL_URL: origin,
  DATABASE_URL_DESK: address,
  DATABASE_URL_PUBLISHER: address,
  DESK_SECRET: secret,
  DESK_FILES: optional(z.string()),
  PORTAL_FILES: optional(z.string()),
  ENTRA_URL: origin.default("https://login.microsoftonline.com"),
  ENTRA_TENANT_ID: z.uuid(),
  ENTRA_CLIENT_ID: z.uuid(),
  ENTRA_CERTIFICATE: z.string(),
  ENTRA_PRIVATE_KEY: z.string(),
  GRAPH_URL: origin.default("https://graph.microsoft.com"),
  NOTIFY_URL: optional(origin),
  TRUSTED_AUTHSERV_IDS: z.string().default("-"),
  OFFICE_JS_URL: webAddress.default("https://appsforoffice.microsoft.com/lib/1/hosted/office.js"),
  OUTLOOK_ORIGINS: origins.default(
    "https://outlook.office.com https://outlook.office365.com https://outlook.live.com https://outlook.cloud.microsoft",
  ),
  SANDBOX_SCRIPTS: optional(z.string()),
  REOPEN_DAYS: z.coerce.number().int().min(0).max(3650).default(14),
  GRACE_SECONDS: z.coerce.number().int().min(0).max(120).default(15),
  MAIL_SIZE_MB: z.coerce.number().int().min(1).max(150).default(35),
  NOTIFICATIONS_SMTP_URL: optional(
    z.string().regex(/^smtps?:\/\//, "is an address such as smtps://name:password@mail.example.com"),
  ),
  NOTIFICATIONS_SMTP_CA: optional(z.string()),
  DESK_LANGUAGE: z.enum(["en", "de"]).default("en"),
  SUPPORT_MAILBOX: optional(z.email()),
  CRM_CSV: optional(z.string()),
  DATAVERSE_URL: optional(origin),
  DATAVERSE_WRITE_BACK: z.enum(["yes", "no"], "is yes or no").default("no"),
});

const Portal = z.object({
  DESKHATCH_DATA: z.string().default(".data"),
  PORTAL_HOST: z.string().default("127.0.0.1"),
  PORTAL_PORT: port(4000),
  DRAIN_SECONDS: drainSeconds,
  PORTAL_URL: origin,
  DATABASE_URL_PORTAL: address,
  PORTAL_SECRET: secret,
  PORTAL_FILES: optional(z.string()),
  /** Proxies whose X-Forwarded-For is believed, as Express reads it: "loopback, 10.0.0.0/8". None unless set. */
  PORTAL_TRUSTED_PROXIES: optional(z.string()),
});

/** What the desk's process needs: the desk, the door, Graph. */
export function deskSettings(env = process.env) {
  const { DESK_FILES, PORTAL_FILES, NOTIFY_URL, TRUSTED_AUTHSERV_IDS, OUTLOOK_ORIGINS, SANDBOX_SCRIPTS, ...rest } =
    read(Desk, env);
  const data = resolve(rest.DESKHATCH_DATA);
  return {
    ...rest,
    DESK_FILES: DESK_FILES ?? resolve(data, "files/desk"),
    PORTAL_FILES: PORTAL_FILES ?? resolve(data, "files/portal"),
    NOTIFY_URL: NOTIFY_URL ?? rest.DESK_URL,
    // Exchange Online writes its verdict without an id; a word is needed to say so.
    TRUSTED_AUTHSERV_IDS: wordsOf(TRUSTED_AUTHSERV_IDS).map((id) => (id === "-" ? "" : id)),
    OUTLOOK_ORIGINS: wordsOf(OUTLOOK_ORIGINS),
    SANDBOX_SCRIPTS: wordsOf(SANDBOX_SCRIPTS),
    NOTIFICATIONS_SMTP_CA: rest.NOTIFICATIONS_SMTP_CA && pem("NOTIFICATIONS_SMTP_CA", rest.NOTIFICATIONS_SMTP_CA),
    ENTRA_CERTIFICATE: pem("ENTRA_CERTIFICATE", rest.ENTRA_CERTIFICATE),
    ENTRA_PRIVATE_KEY: pem("ENTRA_PRIVATE_KEY", rest.ENTRA_PRIVATE_KEY),
  };
}
export type DeskSettings = ReturnType<typeof deskSettings>;

/** What the portal's process needs; it is given no desk address, no Graph secret and no mail credential. */
export function portalSettings(env = process.env) {
  const settings = read(Portal, env);
  return { ...settings, PORTAL_FILES: settings.PORTAL_FILES ?? resolve(settings.DESKHATCH_DATA, "files/portal") };
}
export type PortalSettings = ReturnType<typeof portalSettings>;

/** What a process needs of its machine, whatever it does. */
const ofTheMachine = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LANG", "TZ", "NODE_ENV", "LOG_LEVEL"];

/** Of an environment, what the portal's process is given: what is not listed here, it cannot lose to an attacker. */
export const portalEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    [...Object.keys(Portal.shape), ...ofTheMachine].flatMap((name) =>
      env[name] === undefined ? [] : [[name, env[name]]],
    ),
  );

/** Where Microsoft's clouds sign people in (https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud). */
const signInHosts = new Set([
  "login.microsoftonline.com",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
  "login.chinacloudapi.cn",
]);

/** Whoever answers at ENTRA_URL decides who is an agent. Null where that is Microsoft, or this machine. */
export function foreignSignIn({ ENTRA_URL }: Pick<DeskSettings, "ENTRA_URL">): string | null {
  const { hostname } = new URL(ENTRA_URL);
  if (signInHosts.has(hostname) || isLoopback(hostname)) return null;
  return `ENTRA_URL leads to ${hostname}, which is not Microsoft's. Whoever answers there decides who is an agent: remove ENTRA_URL unless that is meant.`;
}

function read<Schema extends z.ZodType>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  const settings = schema.safeParse(env);
  if (settings.success) return settings.data;
  const wrong = settings.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return env[name] ? `  ${name} ${issue.message}` : `  ${name} is missing`;
  });
  throw new Error(`These settings need your attention (each is explained in .env.example):\n${wrong.join("\n")}`);
}

/** A secret's setting names a file, or holds the PEM text itself. */
function pem(name: string, value: string) {
  if (value.includes("-----BEGIN")) return value.replaceAll("\\n", "\n");
  try {
    return readFileSync(value, "utf8");
  } catch {
    throw new Error(`${name} names the file ${value}, which cannot be read. Give the path of a PEM file.`);
  }
}
