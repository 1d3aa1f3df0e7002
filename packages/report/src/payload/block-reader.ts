import { type ColumnArray, type ColumnRef, elementBytes, fromPlanes } from "./columns.js";

/** A block taken apart: its header, and its columns on demand. */
export interface Block<Header> {
  readonly header: Header;
  column(ref: ColumnRef): ColumnArray;
}

/** The caller names the header's type: blocks are written and read by the same version of this package, in one file. */
export function readBlock<Header>(bytes: Uint8Array): Block<Header> {
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headerBytes))) as Header;
  const start = 4 + headerBytes;
  return {
    header,
    column: ([kind, offset, length]) =>
      fromPlanes(kind, bytes.subarray(start + offset, start + offset + length * elementBytes[kind]), length),
  };
}
