import type { CookieOptions, Request, Response } from "express";

const days = 24 * 60 * 60;

/** Our cookies: where they are sent, and how long they live. */
const cookies = {
  session: { path: "/", seconds: 30 * days },
  /** The sign-in under way: to which address the code went, and where to go afterwards. */
  signIn: { path: "/sign-in", seconds: 15 * 60 },
  /** Somebody has signed in with this address from this browser before. */
  device: { path: "/sign-in", seconds: 365 * days },
  language: { path: "/", seconds: 365 * days },
} as const;

type Name = keyof typeof cookies;

export type Jar = ReturnType<typeof cookieJar>;

/** `secure`: the portal is reached by https. Then the browser itself pins the session to this host (`__Host-`). */
export function cookieJar(secure: boolean) {
  const nameOf = (name: Name) => (secure && name === "session" ? "__Host-deskhatch_session" : `deskhatch_${name}`);
  const options = (path: string): CookieOptions => ({ httpOnly: true, sameSite: "lax", secure, path });
  const linkPath = (linkId: string) => `/link/${linkId}`;

  return {
    read: (req: Request, name: Name) => readCookie(req, nameOf(name)),
    set: (res: Response, name: Name, value: string) =>
      res.cookie(nameOf(name), value, { ...options(cookies[name].path), maxAge: cookies[name].seconds * 1000 }),
    clear: (res: Response, name: Name) => res.clearCookie(nameOf(name), options(cookies[name].path)),
    /** A link's cookie is sent to the addresses of that link and no others. */
    readLink: (req: Request) => readCookie(req, "deskhatch_link"),
    setLink: (res: Response, linkId: string, value: string, seconds: number) =>
      res.cookie("deskhatch_link", value, { ...options(linkPath(linkId)), maxAge: seconds * 1000 }),
  };
}

function readCookie(req: Request, name: string) {
  for (const pair of req.headers.cookie?.split(/; */) ?? []) {
    if (pair.startsWith(`${name}=`)) return decoded(pair.slice(name.length + 1));
  }
  return null;
}

function decoded(value: string) {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
