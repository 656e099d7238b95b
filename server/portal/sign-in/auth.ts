import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { emailOTP } from "better-auth/plugins/email-otp";
import { log } from "../../platform/log.ts";
import type { PortalDatabase } from "../database.ts";
import type { Seal } from "../seal.ts";

export const codeMinutes = 10;
export const codeTries = 5;
const idleHours = 12;

/**
 * Sign-in by better-auth: accounts, codes and sessions in the portal's tables.
 * None of its own addresses is reachable: `sign-in/` calls it, and only for what is called here.
 */
export function openAuth(
  { prisma }: PortalDatabase,
  seal: Seal,
  settings: { PORTAL_URL: string; PORTAL_SECRET: string },
) {
  return betterAuth({
    database: prismaAdapter(prisma, { provider: "postgresql" }),
    baseURL: settings.PORTAL_URL,
    secret: settings.PORTAL_SECRET,
    user: { modelName: "portalAccount" },
    session: { modelName: "portalSession", expiresIn: idleHours * 60 * 60 },
    account: { modelName: "portalCredential" },
    verification: { modelName: "portalCode" },
    plugins: [
      emailOTP({
        otpLength: 8,
        expiresIn: codeMinutes * 60,
        allowedAttempts: codeTries,
        // A plain hash of eight digits is read back in a second; this one needs our secret too.
        storeOTP: { hash: async (code) => seal.hash(code) },
        sendVerificationOTP: async () => {
          throw new Error("Codes are written as portal_mails by sign-in/send-code.ts.");
        },
      }),
    ],
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { log: (level, message) => log[level === "error" ? "warn" : "debug"]({ from: "better-auth" }, message) },
  });
}

export type Auth = ReturnType<typeof openAuth>;
