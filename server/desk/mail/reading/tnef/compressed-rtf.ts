/** MS-OXRTFCP 2.1.2.1: the dictionary starts with the words that RTF most often holds. */
const DICTIONARY =
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const COMPRESSED = 0x75465a4c; // "LZFu"
const UNCOMPRESSED = 0x414c454d; // "MELA"
/** More RTF than any message body holds. */
const MAX_SIZE = 32 * 1024 * 1024;

/** The RTF of a message body (PidTagRtfCompressed), or null when it is none. */
export function decompressRtf(bytes: Buffer): string | null {
  if (bytes.length < 16) return null;
  const size = Math.min(bytes.readUInt32LE(4), MAX_SIZE);
  const kind = bytes.readUInt32LE(8);
  if (kind === UNCOMPRESSED) return bytes.toString("latin1", 16, 16 + size);
  return kind === COMPRESSED ? decompress(bytes.subarray(16), size).toString("latin1") : null;
}

/** LZ77 over a ring of 4096 bytes; a control byte tells for the next eight runs whether each is a letter or a reference. */
function decompress(input: Buffer, size: number): Buffer {
  const ring = Buffer.alloc(4096);
  let write = ring.write(DICTIONARY, "latin1");
  const out = Buffer.alloc(size);
  let length = 0;
  const put = (byte: number) => {
    out[length++] = byte;
    ring[write] = byte;
    write = (write + 1) & 4095;
  };
  for (let at = 0; at < input.length && length < size; ) {
    const control = input[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < input.length && length < size; bit++) {
      if ((control & (1 << bit)) === 0) {
        put(input[at++] ?? 0);
        continue;
      }
      const reference = ((input[at] ?? 0) << 8) | (input[at + 1] ?? 0);
      at += 2;
      const offset = reference >> 4;
      if (offset === write) return out.subarray(0, length);
      const run = (reference & 15) + 2;
      for (let i = 0; i < run && length < size; i++) put(ring[(offset + i) & 4095] ?? 0);
    }
  }
  return out.subarray(0, length);
}
