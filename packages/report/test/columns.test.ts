import test from "ava";
import { readBlock } from "../src/payload/block-reader.js";
import { BlockWriter } from "../src/payload/block-writer.js";
import { type ColumnKind, fromPlanes, toPlanes } from "../src/payload/columns.js";
import { randomFrom } from "./synthetic/random.js";

const extremes: Readonly<Record<ColumnKind, readonly number[]>> = {
  u8: [0, 1, 255],
  u16: [0, 256, 65535],
  i32: [-1, 0, 65536, 2147483647, -2147483648],
  f32: [0, -0, 1.5, Math.fround(-17.123), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Math.fround(1e-38)],
  shown: [0, 1, 0.001, 0.25, 59.999, Number.NaN, Number.POSITIVE_INFINITY],
};

for (const kind of ["u8", "u16", "i32", "f32", "shown"] as const) {
  test(`a ${kind} column survives its planes, whatever its length`, (t) => {
    const random = randomFrom(11);
    for (let length = 0; length < 40; length += 1) {
      const values = Array.from({ length }, () => extremes[kind][Math.floor(random() * extremes[kind].length)] ?? 0);
      t.deepEqual(Array.from(fromPlanes(kind, toPlanes(kind, values), length)), values);
    }
  });
}

test("a block gives back its header and its columns", (t) => {
  const writer = new BlockWriter();
  const first = writer.column("f32", [1, 2, 3]);
  const wide = writer.indexes([0, 70_000]);
  const narrow = writer.indexes([3, 250]);
  const header = { text: "\u0000 \uD83D </script> ‖", list: [first, wide, narrow] };
  const block = readBlock<typeof header>(writer.finish(header));
  t.deepEqual(JSON.stringify(block.header), JSON.stringify(header));
  t.deepEqual(Array.from(block.column(first)), [1, 2, 3]);
  t.deepEqual(Array.from(block.column(wide)), [0, 70_000]);
  t.is(narrow[0], "u8");
  t.deepEqual(Array.from(block.column(narrow)), [3, 250]);
});

test("equal columns are stored once, equal bytes of another kind are not confused with them", (t) => {
  const writer = new BlockWriter();
  t.is(writer.column("f32", [1, 2]), writer.column("f32", [1, 2]));
  t.not(writer.column("i32", [0]), writer.column("f32", [0]));
});
