import { createHash, X509Certificate } from "node:crypto";
import { type AuthError, ConfidentialClientApplication, InteractionRequiredAuthError } from "@azure/msal-node";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { generate } from "selfsigned";
import { deskApp, people, tenantId } from "../../sandbox/world.ts";
import { contractIsHere, namedSchema, validate } from "./contract.ts";
import { aSandbox, graphWith, type SandboxWorld } from "./world.ts";

let world: SandboxWorld;
let certificate: { private: string; cert: string };
const anna = people.find(({ address }) => address === "anna@deskhatch.test");
if (!anna) throw new Error("The world has lost Anna.");
const graphScope = "https://graph.microsoft.com/.default";

beforeAll(async () => {
  world = await aSandbox();
  certificate = await generate([{ name: "commonName", value: "Deskhatch" }], { algorithm: "sha256" });
  world.sandbox.registerApp({ clientId: deskApp.clientId, certificatePem: certificate.cert });
});

beforeEach(() => world.sandbox.entra.challenge.lift());

afterAll(() => world.end());

/** The desk's own client, configured as in production; only the address differs. */
function theDesk(change: { certificate?: { private: string; cert: string } } = {}) {
  const { cert, private: privateKey } = change.certificate ?? certificate;
  const thumbprintSha256 = new X509Certificate(cert).fingerprint256.replaceAll(":", "").toLowerCase();
  return new ConfidentialClientApplication({
    auth: {
      clientId: deskApp.clientId,
      authority: `${world.sandbox.url}/${tenantId}`,
      knownAuthorities: [new URL(world.sandbox.url).host],
      clientCertificate: { thumbprintSha256, privateKey, x5c: cert },
    },
  });
}

const annasToken = async () =>
  (await world.sandbox.entra.issueDelegatedToken({ person: anna, clientId: deskApp.clientId, scopes: [deskApp.scope] }))
    .access_token;

test("msal-node gets a token for the mailboxes with the app's certificate, and Graph takes it", async () => {
  const answer = await theDesk().acquireTokenByClientCredential({ scopes: [graphScope] });
  const token = answer?.accessToken ?? "";
  shaped("entra.AccessTokenV1App", decodeJwt(token));
  const graph = graphWith(world.sandbox, token);
  expect((await graph.get("/users/support@deskhatch.test/mailFolders/inbox")).status).toBe(200);
  expect((await graph.get("/me/messages")).status).toBe(400);
});

test("a certificate that nobody registered gets nothing", async () => {
  const stranger = await generate([{ name: "commonName", value: "Stranger" }], { algorithm: "sha256" });
  const refused = theDesk({ certificate: stranger }).acquireTokenByClientCredential({ scopes: [graphScope] });
  await expect(refused).rejects.toMatchObject({
    errorCode: "invalid_client",
    message: expect.stringContaining("AADSTS700027"),
  });
});

test("an app reaches only the mailboxes of its scope", async () => {
  world.sandbox.registerApp({
    clientId: deskApp.clientId,
    certificatePem: certificate.cert,
    mailboxes: ["support@deskhatch.test"],
  });
  const answer = await theDesk().acquireTokenByClientCredential({ scopes: [graphScope] });
  const graph = graphWith(world.sandbox, answer?.accessToken ?? "");
  expect((await graph.get("/users/support@deskhatch.test/messages")).status).toBe(200);
  expect((await graph.get("/users/anna@deskhatch.test/messages")).body.error.message).toBe(
    "Access to OData is disabled.",
  );
  world.sandbox.registerApp({ clientId: deskApp.clientId, certificatePem: certificate.cert });
});

test("on behalf of Anna, the desk reads Anna's mail and nobody else's", async () => {
  const answer = await theDesk().acquireTokenOnBehalfOf({
    oboAssertion: await annasToken(),
    scopes: ["https://graph.microsoft.com/Mail.Read"],
  });
  const token = answer?.accessToken ?? "";
  shaped("entra.AccessTokenV1User", decodeJwt(token));
  expect(answer?.account?.username).toBe("anna@deskhatch.test");
  const graph = graphWith(world.sandbox, token);
  expect((await graph.get("/me")).body.mail).toBe("anna@deskhatch.test");
  expect((await graph.get("/users/ben@deskhatch.test/messages")).status).toBe(403);
  expect((await graph.patch("/me/messages/x", { isRead: true })).status).toBe(403);
});

test("an app's token, a forged one and one for somebody else cannot be traded on behalf of anybody", async () => {
  const app = await theDesk().acquireTokenByClientCredential({ scopes: [graphScope] });
  const { token: graphs } = await world.sandbox.graphToken("anna@deskhatch.test");
  for (const oboAssertion of [app?.accessToken ?? "", graphs, "e30.e30.e30"]) {
    const trade = theDesk().acquireTokenOnBehalfOf({ oboAssertion, scopes: ["https://graph.microsoft.com/Mail.Read"] });
    await expect(trade).rejects.toMatchObject({ errorCode: "invalid_grant" });
  }
});

test("a claims challenge reaches msal as such, and satisfying it helps", async () => {
  world.sandbox.entra.challenge.require();
  const request = { oboAssertion: await annasToken(), scopes: ["https://graph.microsoft.com/Mail.Read"] };
  const problem: AuthError = await theDesk()
    .acquireTokenOnBehalfOf(request)
    .catch((error) => error);
  if (!(problem instanceof InteractionRequiredAuthError)) throw problem;
  expect(problem.claims).toContain("acrs");
  const answer = await theDesk().acquireTokenOnBehalfOf({ ...request, claims: problem.claims });
  expect(answer?.accessToken).toBeTruthy();
});

test("a token for our API says who, in which role, and is signed by a published key, also after a rotation", async () => {
  const { url, entra } = world.sandbox;
  const discovery = await (await fetch(`${url}/${tenantId}/v2.0/.well-known/openid-configuration`)).json();
  shaped("entra.OpenIdConfiguration", discovery);
  shaped("entra.Jwks", await (await fetch(discovery.jwks_uri)).json());
  const keys = () => createRemoteJWKSet(new URL(discovery.jwks_uri));
  const read = async (token: string) =>
    (await jwtVerify(token, keys(), { audience: deskApp.clientId, issuer: discovery.issuer })).payload;

  const first = await annasToken();
  const claims = await read(first);
  shaped("entra.AccessTokenV2User", claims);
  expect(claims).toMatchObject({
    tid: tenantId,
    oid: anna.objectId,
    scp: "Desk.Use",
    roles: ["agent"],
    preferred_username: anna.address,
    ver: "2.0",
  });

  await entra.rotateKeys();
  expect((await read(await annasToken())).oid).toBe(anna.objectId);
  await expect(read(first)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
});

/** The popup as msal-browser opens it: code with PKCE, the answer in the fragment, /token from the page's origin. */
async function signIn(change: Record<string, string> = {}, cookie?: string) {
  const verifier = "a-verifier-of-more-than-forty-three-characters-1234";
  const asked = {
    client_id: deskApp.clientId,
    response_type: "code",
    redirect_uri: `${world.sandbox.addinUrl}/redirect.html`,
    scope: `${deskApp.scope} openid profile offline_access`,
    response_mode: "fragment",
    state: "s1",
    nonce: "n1",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...change,
  };
  const headers: Record<string, string> = cookie ? { cookie } : {};
  const page = await fetch(`${world.sandbox.url}/${tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(asked)}`, {
    headers,
    redirect: "manual",
  });
  return { asked, verifier, page };
}

async function pick(asked: Record<string, string>, person: string) {
  return fetch(`${world.sandbox.url}/${tenantId}/login`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ ...asked, person }),
  });
}

async function redeem(form: Record<string, string>) {
  const response = await fetch(`${world.sandbox.url}/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { origin: world.sandbox.addinUrl },
    body: new URLSearchParams(form),
  });
  expect(response.headers.get("access-control-allow-origin")).toBe(world.sandbox.addinUrl);
  return { status: response.status, body: await response.json() };
}

const fragmentOf = (response: Response) =>
  new URLSearchParams(new URL(response.headers.get("location") ?? "").hash.slice(1));

test("Anna picks her account, and the page gets tokens once and may refresh them", async () => {
  const { asked, verifier, page } = await signIn();
  const html = await page.text();
  expect(html).toContain("Anna Albrecht");
  expect(html).not.toContain("alice@harbourlight.test");

  const picked = await pick(asked, "anna@deskhatch.test");
  const answer = fragmentOf(picked);
  expect(answer.get("state")).toBe("s1");
  const form = {
    client_id: asked.client_id,
    redirect_uri: asked.redirect_uri,
    grant_type: "authorization_code",
    code: answer.get("code") ?? "",
    code_verifier: verifier,
    scope: asked.scope,
  };
  const { status, body } = await redeem(form);
  expect(status).toBe(200);
  shaped("entra.TokenResponse", body);
  expect(decodeJwt(body.id_token)).toMatchObject({ nonce: "n1", aud: deskApp.clientId });
  expect(JSON.parse(Buffer.from(body.client_info, "base64url").toString())).toEqual({
    uid: anna.objectId,
    utid: tenantId,
  });

  const again = await redeem(form);
  shaped("entra.TokenError", again.body);
  expect(again.body.error).toBe("invalid_grant");
  const fresh = await redeem({
    client_id: asked.client_id,
    grant_type: "refresh_token",
    refresh_token: body.refresh_token,
    scope: deskApp.scope,
  });
  expect(decodeJwt(fresh.body.access_token).oid).toBe(anna.objectId);

  const cookie = picked.headers.get("set-cookie")?.split(";")[0];
  const silent = await signIn({ prompt: "none" }, cookie);
  expect(fragmentOf(silent.page).get("code")).toBeTruthy();
});

test("a wrong verifier, a stranger, a foreign address and a silent wish without a session get nothing", async () => {
  const { asked } = await signIn();
  const code = fragmentOf(await pick(asked, "anna@deskhatch.test")).get("code") ?? "";
  const wrong = await redeem({
    client_id: asked.client_id,
    redirect_uri: asked.redirect_uri,
    grant_type: "authorization_code",
    code,
    code_verifier: "wrong",
  });
  expect(wrong.status).toBe(400);
  expect((await pick(asked, "alice@harbourlight.test")).status).toBe(400);
  expect((await signIn({ redirect_uri: "https://evil.example/x" })).page.status).toBe(400);
  expect(fragmentOf((await signIn({ prompt: "none" })).page).get("error")).toBe("login_required");
});

test("Outlook's page, and no other, asks for nested tokens", async () => {
  const ask = (origin: string, change: object = {}) =>
    fetch(`${world.sandbox.url}/outlook/naa`, {
      method: "POST",
      headers: { origin, "content-type": "application/json" },
      body: JSON.stringify({
        method: "GetToken",
        person: "anna@deskhatch.test",
        clientId: deskApp.clientId,
        scope: deskApp.scope,
        ...change,
      }),
    });
  const answer = await (await ask(world.sandbox.url)).json();
  expect(answer).toMatchObject({
    success: true,
    account: { username: "anna@deskhatch.test", homeAccountId: `${anna.objectId}.${tenantId}` },
  });
  expect(decodeJwt(answer.token.access_token)).toMatchObject({ aud: deskApp.clientId, scp: "Desk.Use" });
  expect((await ask(world.sandbox.addinUrl)).status).toBe(403);
  expect((await (await ask(world.sandbox.url, { person: "alice@harbourlight.test" })).json()).success).toBe(false);

  world.sandbox.entra.challenge.require();
  expect((await (await ask(world.sandbox.url)).json()).error.status).toBe("USER_INTERACTION_REQUIRED");
  expect((await (await ask(world.sandbox.url, { method: "GetTokenPopup" })).json()).success).toBe(true);
});

function shaped(name: string, value: unknown) {
  if (contractIsHere) validate(namedSchema(name), value, name);
}
