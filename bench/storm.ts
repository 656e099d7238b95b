/**
 * A storm: thousands of mails from one sender, as fast as they can be delivered. Meanwhile other people write, one after
 * the other; what counts is how long each of them waits. None may be lost.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import type pg from "pg";
import { startProduct } from "../test/product.ts";
import { withEveryMail } from "./intake.ts";
import { deskRssMb, print, printPercentiles } from "./measure.ts";

const monitor = "monitor@outsider.test";

export async function measureStorm(count = 10_000) {
  const product = await startProduct();
  try {
    await withEveryMail(product, async (desk) => {
      const send = sender(product.smtpPort);
      const began = performance.now();
      let rss = 0;
      const waits: number[] = [];
      const storm = Promise.all(
        Array.from({ length: count }, (_, n) => send.mail({ from: monitor, id: `storm-${n}`, subject: `Alarm ${n}` })),
      );
      for (let other = 0; (await kept(desk, monitor)) < count; other++) {
        waits.push(await waitOf(desk, other, send));
        rss = Math.max(rss, deskRssMb(product));
      }
      await storm;
      print("storm_mails_per_s", count / ((performance.now() - began) / 1000), "mails/s", count);
      print("storm_other_sender_s", Math.max(...waits) / 1000, "s", waits.length);
      printPercentiles("storm_other_sender_ms", waits);
      print("storm_desk_rss_mb", rss, "MB", waits.length);
      print(
        "storm_tickets",
        await numberOf(
          desk,
          "select count(*)::int as n from messages where from_address = $1 and ticket_id is not null",
        ),
        "tickets",
        count,
      );
      print(
        "storm_loops",
        await numberOf(desk, "select count(*)::int as n from loops where from_address = $1"),
        "loops",
        count,
      );
      send.close();
    });
  } finally {
    await product.stop();
  }
}

type Send = ReturnType<typeof sender>;

/** The storm comes over its own connections, so that what others send is not kept waiting before it is ours. */
function sender(port: number) {
  const open = (maxConnections: number) =>
    createTransport({
      host: "127.0.0.1",
      port,
      pool: true,
      maxConnections,
      maxMessages: Number.POSITIVE_INFINITY,
      ignoreTLS: true,
    });
  const [many, one] = [open(6), open(1)];
  const mail = ({ from, id, subject }: { from: string; id: string; subject: string }) =>
    (from === monitor ? many : one).sendMail({
      from,
      to: "support@deskhatch.test",
      messageId: `<${id}@bench.test>`,
      subject,
      text: "The line stands still. Somebody has to look.",
    });
  return {
    mail,
    close: () => {
      many.close();
      one.close();
    },
  };
}

/** From the moment that Exchange has it until it is on a ticket. */
async function waitOf(desk: pg.Client, other: number, send: Send): Promise<number> {
  const address = `other${other}@bystander.test`;
  await send.mail({ from: address, id: `other-${other}`, subject: "And I?" });
  const began = performance.now();
  while ((await kept(desk, address)) === 0) await pause(50);
  return performance.now() - began;
}

async function kept(desk: pg.Client, address: string): Promise<number> {
  const { rows } = await desk.query("select count(*)::int as n from messages where from_address = $1", [address]);
  return Number(rows[0]?.n);
}

async function numberOf(desk: pg.Client, question: string): Promise<number> {
  const { rows } = await desk.query(question, [monitor]);
  return Number(rows[0]?.n);
}
