/** The bytes that a Content-Transfer-Encoding stands for. Unknown encodings are taken as they are. */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  const name = encoding
    .trim()
    .toLowerCase()
    .replace(/^["']|["';]+$/g, "");
  if (name.startsWith("base64")) return decodeBase64(bytes);
  if (name.startsWith("quoted-printable") || name === "quotedprintable") return decodeQuotedPrintable(bytes);
  if (/^(x-)?uu(encoded?)?$|^x-uue$/.test(name)) return uudecode(bytes) ?? bytes;
  return bytes;
}

const BASE64 = /[^A-Za-z0-9+/=\s]/;

/** Concatenated pieces, each with its own padding, are decoded one after the other; Node stops at the first. */
function decodeBase64(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const padding = text.indexOf("=");
  const goesOn =
    padding >= 0 &&
    /[A-Za-z0-9+/]/.test(
      text
        .slice(padding, padding + 4096)
        .replace(/^[=\s]+/, "")
        .slice(0, 1),
    );
  if (!goesOn) return Buffer.from(text, "base64");
  if (BASE64.test(text.slice(padding))) return Buffer.from(text.slice(0, padding), "base64"); // a footer below the base64
  return Buffer.concat(text.split(/=+/).map((piece) => Buffer.from(piece, "base64")));
}

/** One pass over the bytes: `=XX`, soft line breaks, and blanks at line ends that a gateway added (RFC 2045, 6.7). */
function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte !== 0x3d) {
      out[length++] = byte;
      continue;
    }
    const value = hexPair(bytes, i + 1);
    if (value >= 0) {
      out[length++] = value;
      i += 2;
      continue;
    }
    const lineEnd = softBreak(bytes, i + 1);
    if (lineEnd > 0) i = lineEnd - 1;
    else out[length++] = byte;
  }
  return out.subarray(0, length);
}

function hexPair(bytes: Buffer, at: number): number {
  const high = hexDigit(bytes[at]);
  const low = hexDigit(bytes[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  return -1;
}

/** Where the line after a soft break starts, or -1 when the `=` is no soft break. */
function softBreak(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  if (at >= bytes.length) return at;
  if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) return at + 2;
  return bytes[at] === 0x0a || bytes[at] === 0x0d ? at + 1 : -1;
}

/** The content of `begin 644 name … end`, or null when it is none. */
export function uudecode(bytes: Buffer): Buffer | null {
  const lines = bytes.toString("latin1").split(/\r?\n/);
  const begin = lines.findIndex((line) => /^begin [0-7]{3,4} /.test(line));
  if (begin < 0) return null;
  const pieces: Buffer[] = [];
  for (const line of lines.slice(begin + 1)) {
    if (line === "end" || line === "`") break;
    pieces.push(uudecodeLine(line));
  }
  return Buffer.concat(pieces);
}

function uudecodeLine(line: string): Buffer {
  const size = (line.charCodeAt(0) - 32) & 63;
  const out = Buffer.alloc(Math.ceil(size / 3) * 3);
  for (let i = 1, at = 0; at < size; i += 4, at += 3) {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => ((line.charCodeAt(i + k) || 32) - 32) & 63) as [
      number,
      number,
      number,
      number,
    ];
    out[at] = (a << 2) | (b >> 4);
    out[at + 1] = (b << 4) | (c >> 2);
    out[at + 2] = (c << 6) | d;
  }
  return out.subarray(0, size);
}
