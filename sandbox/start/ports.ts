import { createServer } from "node:net";
import { z } from "zod";

const port = (fallback: number) => z.coerce.number().int().min(1).max(65535).default(fallback);

const Ports = z.object({
  DESK_PORT: port(3000),
  PORTAL_PORT: port(4000),
  SANDBOX_PORT: port(5443),
  ADDIN_PORT: port(5444),
  SMTP_PORT: port(2525),
});
export type Ports = z.infer<typeof Ports>;

export function portsFrom(env: NodeJS.ProcessEnv): Ports {
  const ports = Ports.safeParse(env);
  if (ports.success) return ports.data;
  const name = String(ports.error.issues[0]?.path[0]);
  throw new Error(`${name} is "${env[name]}", which is no port. Give a whole number from 1 to 65535.`);
}

/** Says at once and all together which ports are taken, before anything was started. */
export async function needFreePorts(ports: Ports) {
  const taken: string[] = [];
  for (const [name, number] of Object.entries(ports))
    if (!(await isFree(number))) taken.push(`port ${number} (choose another with ${name}=…)`);
  if (taken.length) throw new Error(`Another program uses ${taken.join(" and ")}. End it, or choose another port.`);
}

function isFree(number: number) {
  return new Promise<boolean>((answer) => {
    const probe = createServer();
    probe.once("error", () => answer(false));
    probe.listen(number, "127.0.0.1", () => probe.close(() => answer(true)));
  });
}
