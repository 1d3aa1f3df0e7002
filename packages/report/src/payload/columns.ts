import { shownNumber, shownNumberCode } from "./shown-number.js";

/**
 * Binary blocks the page carries: `[u32 header bytes, little-endian][header, JSON in UTF-8][columns]`.
 * A column's bytes lie in planes (first bytes of all elements, then second bytes, …): deflate packs neighbouring numbers far better so.
 * `shown`: numbers at the precision they are written in (shown-number.ts).
 */
export type ColumnKind = "u8" | "u16" | "i32" | "f32" | "shown";

/** Where a column lies: kind, byte offset after the header, number of elements. */
export type ColumnRef = readonly [kind: ColumnKind, offset: number, length: number];

export type ColumnArray = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

export const elementBytes: Readonly<Record<ColumnKind, number>> = { u8: 1, u16: 2, i32: 4, f32: 4, shown: 2 };

/** A column's bytes in planes. */
export function toPlanes(kind: ColumnKind, values: ArrayLike<number>): Uint8Array {
  const size = elementBytes[kind];
  const count = values.length;
  const element = new DataView(new ArrayBuffer(4));
  const planes = new Uint8Array(count * size);
  for (let i = 0; i < count; i += 1) {
    const value = values[i] ?? 0;
    if (kind === "f32") element.setFloat32(0, value, true);
    else element.setInt32(0, kind === "shown" ? shownNumberCode(value) : value, true);
    for (let plane = 0; plane < size; plane += 1) planes[plane * count + i] = element.getUint8(plane);
  }
  return planes;
}

const makers: Readonly<Record<ColumnKind, (count: number) => ColumnArray>> = {
  u8: (count) => new Uint8Array(count),
  u16: (count) => new Uint16Array(count),
  i32: (count) => new Int32Array(count),
  f32: (count) => new Float32Array(count),
  shown: (count) => new Float64Array(count),
};

const readers: Readonly<Record<ColumnKind, (element: DataView) => number>> = {
  u8: (element) => element.getUint8(0),
  u16: (element) => element.getUint16(0, true),
  i32: (element) => element.getInt32(0, true),
  f32: (element) => element.getFloat32(0, true),
  shown: (element) => shownNumber(element.getUint16(0, true)),
};

/** The inverse of {@link toPlanes}; of `shown` numbers, what is written alike. */
export function fromPlanes(kind: ColumnKind, planes: Uint8Array, count: number): ColumnArray {
  const size = elementBytes[kind];
  const element = new DataView(new ArrayBuffer(4));
  const result = makers[kind](count);
  const read = readers[kind];
  for (let i = 0; i < count; i += 1) {
    for (let plane = 0; plane < size; plane += 1) element.setUint8(plane, planes[plane * count + i] ?? 0);
    result[i] = read(element);
  }
  return result;
}
