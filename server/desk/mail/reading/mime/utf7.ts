/** RFC 2152: base64 of UTF-16BE between `+` and `-`; `+-` is a plus. */
export function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, encoded: string) => (encoded === "" ? "+" : utf16be(encoded)));
}

/** Text that claims no charset but holds UTF-7 shifts that decode to whole, printable characters. */
export function looksLikeUtf7(text: string): boolean {
  const shifts = text.match(/\+[A-Za-z0-9+/]{3,40}-/g);
  if (!shifts) return false;
  return shifts.every((shift) => {
    const encoded = shift.slice(1, -1);
    const isWhole = (encoded.length * 6) % 16 < 6;
    return isWhole && /^[\u00a0-\u052f\u2010-\u2122\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]+$/.test(utf16be(encoded));
  });
}

function utf16be(encoded: string): string {
  const bytes = Buffer.from(encoded, "base64");
  return bytes
    .subarray(0, bytes.length & ~1)
    .swap16()
    .toString("utf16le");
}
