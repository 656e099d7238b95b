import { X509Certificate } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, importX509, jwtVerify } from "jose";
import { EntraProblem } from "./problem.ts";

/** An app registration as the administrator made it. */
export type RegisteredApp = {
  clientId: string;
  certificatePem: string;
  /** RBAC for Applications: the mailboxes that the app may reach; all when absent. */
  mailboxes?: readonly string[] | undefined;
  /** Application permissions with admin consent. */
  roles?: readonly string[] | undefined;
};

/** msal rounds its clock to the nearest second, so an assertion may begin in the future; Entra allows for skew too. */
const leewaySeconds = 300;

/** The app proves that it holds the private key of its certificate (entra-docs, certificate-credentials). */
export async function authenticateApp(
  app: RegisteredApp | undefined,
  form: URLSearchParams,
  audiences: string[],
): Promise<RegisteredApp> {
  if (!app) {
    throw new EntraProblem(
      "unauthorized_client",
      700016,
      `Application with identifier '${form.get("client_id")}' was not found in the directory. Register it with the sandbox.`,
    );
  }
  const assertion = form.get("client_assertion");
  const type = form.get("client_assertion_type");
  if (!assertion || type !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
    throw new EntraProblem(
      "invalid_client",
      7000218,
      "The request body must contain client_assertion or client_secret.",
    );
  }
  await check(app, assertion, audiences);
  return app;
}

async function check(app: RegisteredApp, assertion: string, audiences: string[]) {
  const invalid = (why: string) =>
    new EntraProblem(
      "invalid_client",
      700027,
      `The certificate with identifier used to sign the client assertion is not valid: ${why}`,
    );
  const { thumbprint, algorithm } = headerOf(assertion, invalid);
  const certificate = new X509Certificate(app.certificatePem);
  const expected = Buffer.from(certificate.fingerprint256.replaceAll(":", ""), "hex").toString("base64url");
  if (thumbprint !== expected) throw invalid("x5t#S256 is not the thumbprint of the registered certificate.");

  await jwtVerify(assertion, await importX509(app.certificatePem, algorithm), {
    algorithms: ["PS256", "RS256"],
    audience: audiences,
    issuer: app.clientId,
    subject: app.clientId,
    clockTolerance: leewaySeconds,
    requiredClaims: ["exp", "nbf", "jti"],
  }).catch((problem: Error) => {
    throw invalid(`${problem.message}. Its aud is ${JSON.stringify(decodeJwt(assertion).aud)}.`);
  });
}

function headerOf(assertion: string, invalid: (why: string) => EntraProblem) {
  try {
    const header = decodeProtectedHeader(assertion);
    return { thumbprint: header["x5t#S256"], algorithm: header.alg ?? "PS256" };
  } catch {
    throw invalid("the client assertion is not a JWT.");
  }
}
