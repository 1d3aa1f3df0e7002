import { open } from "node:fs/promises";
import { join } from "node:path";

/** Rows of a piece that is read at once. */
const pieceRows = 16_384;

/** Consecutive rows of a corpus. */
export interface Piece {
  /** Row of the corpus that is the first here. */
  readonly first: number;
  /** [n, dimensions] */
  readonly rows: Float32Array;
}

/** The embedded corpus on disk: `rows.f32` of a folder, [size, dimensions] floats, little-endian. */
export class CorpusRows {
  readonly file: string;
  readonly size: number;
  readonly dimensions: number;

  constructor(folder: string, size: number, dimensions: number) {
    this.file = join(folder, "rows.f32");
    this.size = size;
    this.dimensions = dimensions;
  }

  /** All rows in order, a piece at a time. */
  async *pieces(): AsyncGenerator<Piece> {
    await using handle = await open(this.file);
    for (let first = 0; first < this.size; first += pieceRows) {
      const rows = new Float32Array(Math.min(pieceRows, this.size - first) * this.dimensions);
      await handle.read(new Uint8Array(rows.buffer), 0, rows.byteLength, first * this.dimensions * 4);
      yield { first, rows };
    }
  }

  /** Single rows, one behind the other. */
  async read(wanted: readonly number[]): Promise<Float32Array> {
    const rows = new Float32Array(wanted.length * this.dimensions);
    const bytes = new Uint8Array(rows.buffer);
    const rowBytes = this.dimensions * 4;
    await using handle = await open(this.file);
    for (const [index, row] of wanted.entries()) await handle.read(bytes, index * rowBytes, rowBytes, row * rowBytes);
    return rows;
  }
}
