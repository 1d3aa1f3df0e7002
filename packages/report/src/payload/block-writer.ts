import { createHash } from "node:crypto";
import { type ColumnKind, type ColumnRef, toPlanes } from "./columns.js";
import { canBeShownNumbers } from "./shown-number.js";

/**
 * Collects the columns of one block. Equal columns are stored once: two subjects of one answer share the reference's side.
 */
export class BlockWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #known = new Map<string, ColumnRef>();
  #bytes = 0;

  column(kind: ColumnKind, values: ArrayLike<number>): ColumnRef {
    const planes = toPlanes(kind, values);
    const digest = `${kind} ${createHash("sha1").update(planes).digest("base64")}`;
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    const ref: ColumnRef = [kind, this.#bytes, values.length];
    this.#parts.push(planes);
    this.#bytes += planes.length;
    this.#known.set(digest, ref);
    return ref;
  }

  /** Whole numbers from 0 up, in the narrowest kind that holds them. */
  indexes(values: ArrayLike<number>): ColumnRef {
    let max = 0;
    for (let i = 0; i < values.length; i += 1) max = Math.max(max, values[i] ?? 0);
    return this.column(max < 256 ? "u8" : max < 65536 ? "u16" : "i32", values);
  }

  /** Numbers as they are written; exact where they cannot be coded so. */
  shown(values: ArrayLike<number>): ColumnRef {
    return this.column(canBeShownNumbers(values) ? "shown" : "f32", values);
  }

  finish(header: unknown): Uint8Array {
    const json = new TextEncoder().encode(JSON.stringify(header));
    const block = new Uint8Array(4 + json.length + this.#bytes);
    new DataView(block.buffer).setUint32(0, json.length, true);
    block.set(json, 4);
    let offset = 4 + json.length;
    for (const part of this.#parts) {
      block.set(part, offset);
      offset += part.length;
    }
    return block;
  }
}
