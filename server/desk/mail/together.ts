/**
 * What arrives while one write is under way is written with the next one, all of it at once (group commit).
 * Each caller waits until its own is durable, so nothing is promised that could be lost.
 */
export function together<Item>(write: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  type Waiting = { item: Item; written: () => void; failed: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let writing = false;

  const writeAll = async () => {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.map(({ item }) => item));
        for (const { written } of batch) written();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = false;
  };

  return (item) =>
    new Promise((written, failed) => {
      waiting.push({ item, written, failed });
      void writeAll();
    });
}
