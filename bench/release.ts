/** From the agent's release to the customer's page: the whole way, over HTTP on both sides. */
import { randomUUID } from "node:crypto";
import { createTransport } from "nodemailer";
import { EntryView } from "../server/desk/contract/tickets.ts";
import { agent, customer } from "../test/people.ts";
import type { Product } from "../test/product.ts";
import { printPercentiles } from "./measure.ts";

const count = 60;

export async function measureRelease(product: Product) {
  const anna = await agent(product, "anna@deskhatch.test");
  const alice = await customer(product, "alice@harbourlight.test");
  const number = await ticketOfAlice(product, anna);

  const milliseconds: number[] = [];
  for (let at = 0; at < count; at++) {
    const words = `Release ${at} of the bench.`;
    const { id } = await anna.note(number, `<p>${words}</p>`);
    const began = performance.now();
    await anna.ask(EntryView, "POST", `/tickets/${number}/entries/${id}/releases`, {});
    while (!(await (await alice.ask(`/tickets/${number}`)).text()).includes(words));
    milliseconds.push(performance.now() - began);
  }
  printPercentiles("release_to_visible_ms", milliseconds);
}

/** Alice writes by SMTP, Anna makes a ticket of it; her organization sees its new tickets. */
async function ticketOfAlice(product: Product, anna: Awaited<ReturnType<typeof agent>>) {
  const internetMessageId = `<${randomUUID()}@harbourlight.test>`;
  const transport = createTransport({ host: "127.0.0.1", port: product.smtpPort, tls: { rejectUnauthorized: false } });
  await transport.sendMail({
    messageId: internetMessageId,
    from: "alice@harbourlight.test",
    to: "support@deskhatch.test",
    subject: "For the bench",
    text: "How long does it take until I see an answer?",
  });
  transport.close();
  return anna.convert({ mailbox: "support@deskhatch.test", internetMessageId });
}
