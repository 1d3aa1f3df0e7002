import { endianness } from "node:os";

/** How a value is stored: IEEE binary32 or binary16. */
export type LogitsDtype = "f32" | "f16";

/** Bytes of one value. */
export function bytesOf(dtype: LogitsDtype): 2 | 4 {
  return dtype === "f16" ? 2 : 4;
}

/**
 * Header of a `.npy` file, format version 1.0: `[rows, columns]` in C order, values in this machine's byte order. 64 bytes or a
 * multiple, so that the values behind it are aligned for a memory map.
 */
export function npyHeader(dtype: LogitsDtype, rows: number, columns: number): Buffer {
  const descr = `${endianness() === "LE" ? "<" : ">"}f${bytesOf(dtype)}`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const preamble = 10;
  const padding = 63 - ((preamble + dictionary.length) % 64);
  const text = `${dictionary}${" ".repeat(padding)}\n`;
  const header = Buffer.alloc(preamble + text.length);
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(text.length, 8);
  header.write(text, preamble, "latin1");
  return header;
}
