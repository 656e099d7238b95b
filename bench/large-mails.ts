/** How much memory the desk needs at most while large mails come in: four at once, and one that it keeps without reading it whole. */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import pg from "pg";
import { folderStore } from "../server/platform/storage.ts";
import { type Product, startProduct } from "../test/product.ts";
import { deskRssMb, print } from "./measure.ts";

export async function measureLargeMails() {
  const product = await startProduct({ env: { SMTP_LARGEST_MB: "160" } });
  const desk = new pg.Client({ connectionString: product.addresses.desk });
  try {
    await desk.connect();
    print("rss_mb", await highestRss(product, () => receive(product, desk, "ordinary", 4, 25_300_000)), "MB", 4);
    print(
      "kept_150_mb_rss_mb",
      await highestRss(product, () => receive(product, desk, "huge", 1, 110_000_000)),
      "MB",
      1,
    );
  } finally {
    await desk.end();
    await product.stop();
  }
}

/** Sends mails with a file of `size` bytes, which base64 makes a third larger, and looks whether everything of them is kept. */
async function receive(product: Product, desk: pg.Client, name: string, count: number, size: number) {
  const content = randomBytes(size);
  const transport = createTransport({ host: "127.0.0.1", port: product.smtpPort, pool: true, maxConnections: count });
  await Promise.all(
    Array.from({ length: count }, (_, nth) =>
      transport.sendMail({
        from: `Large <large@birkenfeld-werke.test>`,
        to: "support@deskhatch.test",
        subject: `Large mail ${name} ${nth}`,
        text: "Here is the file.",
        attachments: [{ filename: "film.bin", content }],
      }),
    ),
  );
  transport.close();
  const kept = await allKept(desk, name, count);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const files = folderStore(join(product.data, "files", "desk"));
  for (const mail of kept) {
    if (mail.text.trim() !== "Here is the file.")
      throw new Error(`A large mail was not read: ${mail.warnings.join(" ")}`);
    const whole = name === "huge" ? mail.raw_sha256 : sha256;
    if (!mail.files.includes(whole) || !(await files.has(whole))) throw new Error("A large mail lost its file.");
  }
}

type Kept = { text: string; warnings: string[]; raw_sha256: string; files: string[] };

async function allKept(desk: pg.Client, name: string, count: number): Promise<Kept[]> {
  for (;;) {
    const { rows } = await desk.query<Kept>(
      `select text, warnings, raw_sha256, array(select sha256 from attachments a where a.message_id = m.id) as files
       from messages m where subject like $1`,
      [`Large mail ${name} %`],
    );
    if (rows.length === count) return rows;
    await pause(100);
  }
}

async function highestRss(product: Product, work: () => Promise<void>): Promise<number> {
  let highest = 0;
  const watch = setInterval(() => {
    highest = Math.max(highest, deskRssMb(product));
  }, 20);
  try {
    await work();
  } finally {
    clearInterval(watch);
  }
  return highest;
}
