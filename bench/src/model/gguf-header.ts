/** Type numbers of GGUF values, as in the format's specification (ggml/docs/gguf.md). */
const valueType = { uint32: 4, float32: 6, string: 8, array: 9 } as const;
/** Bytes of values of a fixed size, by type number. */
const fixedBytes: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

/** GGML's type numbers of the tensors we write. */
const tensorType = { f32: 0, q8_0: 8 } as const;

export interface TensorInfo {
  readonly name: string;
  /** Innermost first. */
  readonly dimensions: readonly number[];
  readonly type: keyof typeof tensorType;
}

/** Tensors begin at multiples of this many bytes. */
const alignment = 32;

export type MetadataValue = { readonly uint32: number } | { readonly float32: number } | { readonly string: string };

/**
 * Everything of a GGUF (version 3) file before the tensors' data.
 *
 * @param copied key-value pairs as they stand in another file
 */
export function ggufHeader(
  values: Readonly<Record<string, MetadataValue>>,
  copied: readonly Buffer[],
  tensors: readonly TensorInfo[],
): Buffer {
  const entries = Object.entries(values);
  let offset = 0;
  const infos = tensors.map((tensor) => {
    const info = Buffer.concat([
      text(tensor.name),
      uint32(tensor.dimensions.length),
      ...tensor.dimensions.map((size) => uint64(size)),
      uint32(tensorType[tensor.type]),
      uint64(offset),
    ]);
    offset = aligned(offset + tensorBytes(tensor));
    return info;
  });
  const header = Buffer.concat([
    Buffer.from("GGUF"),
    uint32(3),
    uint64(tensors.length),
    uint64(entries.length + copied.length),
    ...entries.map(([key, value]) => Buffer.concat([text(key), typed(value)])),
    ...copied,
    ...infos,
  ]);
  return Buffer.concat([header, Buffer.alloc(aligned(header.length) - header.length)]);
}

/** Bytes of a tensor's data; Q8_0 holds 32 weights in 34 bytes. */
export function tensorBytes({ dimensions, type }: TensorInfo): number {
  const weights = dimensions.reduce((product, size) => product * size, 1);
  return type === "f32" ? 4 * weights : (weights / 32) * 34;
}

export function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/**
 * The key-value pairs of a GGUF file whose key begins with `prefix`, each as the bytes it consists of.
 *
 * @param file at least all of the file's header
 */
export function metadataBytes(file: Buffer, prefix: string): Buffer[] {
  let at = 4 + 4 + 8;
  const count = Number(file.readBigUInt64LE(at));
  at += 8;
  const found: Buffer[] = [];
  for (let pair = 0; pair < count; pair++) {
    const start = at;
    const keyBytes = Number(file.readBigUInt64LE(at));
    const key = file.toString("utf8", at + 8, at + 8 + keyBytes);
    at = valueEnd(file, at + 8 + keyBytes);
    if (key.startsWith(prefix)) found.push(file.subarray(start, at));
  }
  return found;
}

function valueEnd(file: Buffer, start: number): number {
  const type = file.readUInt32LE(start);
  if (type !== valueType.array) return itemEnd(file, start + 4, type);
  const items = file.readUInt32LE(start + 4);
  const count = Number(file.readBigUInt64LE(start + 8));
  let at = start + 16;
  for (let item = 0; item < count; item++) at = itemEnd(file, at, items);
  return at;
}

function itemEnd(file: Buffer, start: number, type: number): number {
  if (type === valueType.string) return start + 8 + Number(file.readBigUInt64LE(start));
  const bytes = fixedBytes[type];
  if (bytes === undefined) throw new Error(`GGUF value of unknown type ${type} at byte ${start}`);
  return start + bytes;
}

function typed(value: MetadataValue): Buffer {
  if ("uint32" in value) return Buffer.concat([uint32(valueType.uint32), uint32(value.uint32)]);
  if ("string" in value) return Buffer.concat([uint32(valueType.string), text(value.string)]);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(valueType.float32, 0);
  bytes.writeFloatLE(value.float32, 4);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
