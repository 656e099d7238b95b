import { throttled } from "./problem.ts";

/** Outlook's limits per app and mailbox (throttling-limits, "Outlook service limits"). */
export type Limits = { concurrent: number; requests: number; perSeconds: number };

export const outlookLimits: Limits = { concurrent: 4, requests: 10_000, perSeconds: 600 };

/** Counts what an app does to a mailbox. `enter` refuses, or answers with how to leave. */
export function throttle(limits: Limits) {
  const running = new Map<string, number>();
  const windows = new Map<string, { began: number; count: number }>();

  return {
    enter(appId: string, mailboxId: number): () => void {
      const key = `${appId} ${mailboxId}`;
      countRequest(key);
      const now = running.get(key) ?? 0;
      if (now >= limits.concurrent) {
        throw throttled("ApplicationThrottled", "Application is over its MailboxConcurrency limit.", 1);
      }
      running.set(key, now + 1);
      return () => running.set(key, (running.get(key) ?? 1) - 1);
    },
  };

  function countRequest(key: string) {
    const now = Date.now();
    const window = windows.get(key);
    const current = window && now - window.began < limits.perSeconds * 1000 ? window : { began: now, count: 0 };
    current.count++;
    windows.set(key, current);
    if (current.count <= limits.requests) return;
    const wait = Math.ceil((current.began + limits.perSeconds * 1000 - now) / 1000);
    throw throttled("TooManyRequests", "Please retry again later.", wait);
  }
}
