/** Reads little-endian values in order; past the end there is nothing, and `failed` says so. */
export class ByteReader {
  failed = false;
  at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Buffer {
    if (length > this.left) this.failed = true;
    const end = Math.min(this.bytes.length, this.at + Math.max(0, length));
    const piece = this.bytes.subarray(this.at, end);
    this.at = end;
    return piece;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  short(): number {
    const piece = this.take(2);
    return piece.length === 2 ? piece.readUInt16LE() : 0;
  }

  long(): number {
    const piece = this.take(4);
    return piece.length === 4 ? piece.readUInt32LE() : 0;
  }
}
