/**
 * Binary blocks the page carries: `[u32 header bytes, little-endian][header, JSON in UTF-8][columns]`.
 * A column's bytes lie in planes (first bytes of all elements, then second bytes, …): deflate packs neighbouring floats far better so.
 */
export type ColumnKind = "u8" | "u16" | "i32" | "f32";

/** Where a column lies: kind, byte offset after the header, number of elements. */
export type ColumnRef = readonly [kind: ColumnKind, offset: number, length: number];

export type ColumnArray = Uint8Array | Uint16Array | Int32Array | Float32Array;

export const elementBytes: Readonly<Record<ColumnKind, number>> = { u8: 1, u16: 2, i32: 4, f32: 4 };

/** A column's bytes in planes. */
export function toPlanes(kind: ColumnKind, values: ArrayLike<number>): Uint8Array {
  const size = elementBytes[kind];
  const count = values.length;
  const element = new DataView(new ArrayBuffer(4));
  const planes = new Uint8Array(count * size);
  for (let i = 0; i < count; i += 1) {
    const value = values[i] ?? 0;
    if (kind === "f32") element.setFloat32(0, value, true);
    else element.setInt32(0, value, true);
    for (let plane = 0; plane < size; plane += 1) planes[plane * count + i] = element.getUint8(plane);
  }
  return planes;
}

/** The inverse of {@link toPlanes}. */
export function fromPlanes(kind: ColumnKind, planes: Uint8Array, count: number): ColumnArray {
  const size = elementBytes[kind];
  const element = new DataView(new ArrayBuffer(4));
  const result =
    kind === "u8"
      ? new Uint8Array(count)
      : kind === "u16"
        ? new Uint16Array(count)
        : kind === "i32"
          ? new Int32Array(count)
          : new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    for (let plane = 0; plane < size; plane += 1) element.setUint8(plane, planes[plane * count + i] ?? 0);
    result[i] =
      kind === "f32"
        ? element.getFloat32(0, true)
        : kind === "u8"
          ? element.getUint8(0)
          : kind === "u16"
            ? element.getUint16(0, true)
            : element.getInt32(0, true);
  }
  return result;
}
