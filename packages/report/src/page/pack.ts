import { gzipSync } from "node:zlib";

/** Gzip, then base64. The header's time and system bytes are fixed, so equal content gives equal text on every platform. */
export function pack(bytes: Uint8Array): string {
  const packed = gzipSync(bytes, { level: 9 });
  packed.fill(0, 4, 8);
  packed[9] = 255;
  return packed.toString("base64");
}
