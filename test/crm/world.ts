/** A desk that follows the pretend Dataverse of a sandbox of its own: real HTTP, real tokens, real databases. */
import { generate } from "selfsigned";
import { openAsk } from "../../server/desk/crm/dataverse/ask.ts";
import { dataverseSource } from "../../server/desk/crm/dataverse/source.ts";
import { followCrm } from "../../server/desk/crm/workers.ts";
import { aWorld, clientId } from "../desk/world.ts";
import { aSandbox } from "../sandbox/world.ts";

export type CrmWorld = Awaited<ReturnType<typeof aCrmWorld>>;

export async function aCrmWorld(env: Record<string, string> = {}) {
  const { sandbox, end } = await aSandbox();
  const { private: key, cert } = await generate([{ name: "commonName", value: "desk" }], { keySize: 2048 });
  sandbox.registerApp({ clientId, certificatePem: cert });
  const world = await aWorld({
    env: {
      ENTRA_URL: sandbox.url,
      GRAPH_URL: sandbox.url,
      DATAVERSE_URL: sandbox.url,
      ENTRA_CERTIFICATE: cert,
      ENTRA_PRIVATE_KEY: key,
      ...env,
    },
  });
  const { desk } = world;
  /** As another process has it: with tokens and a place of its own. */
  const source = () => dataverseSource(openAsk({ ...world.settings, DATAVERSE_URL: sandbox.url }));
  const first = source();

  return {
    ...world,
    sandbox,
    crm: sandbox.dataverse,
    source,
    follow: (from = first) => followCrm(world.context, from),
    state: () => desk.crmSource.findUniqueOrThrow({ where: { id: "dataverse" } }),
    conflicts: async () =>
      (await desk.crmConflict.findMany({ where: { sourceId: "dataverse" }, orderBy: { sentence: "asc" } })).map(
        ({ sentence }) => sentence,
      ),
    contactOf: (externalId: string) =>
      desk.contact.findFirst({
        where: { crmLinks: { some: { sourceId: "dataverse", kind: "contact", externalId } } },
        include: {
          organization: { include: { domains: true } },
          addresses: { orderBy: [{ primary: "desc" }, { address: "asc" }] },
          formerAddresses: true,
        },
      }),
    close: async () => {
      await world.close();
      await end();
    },
  };
}
