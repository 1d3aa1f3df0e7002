import test from "ava";
import { csvText } from "../src/app/text/csv-text.js";
import { randomFrom } from "./synthetic/random.js";

test("fields are quoted where they must be, null is empty", (t) => {
  t.is(
    csvText([
      ["a", "b"],
      ['say "x", y', null],
      [1.5, -0.25],
      ["two\nlines", ""],
    ]),
    'a,b\n"say ""x"", y",\n1.5,-0.25\n"two\nlines",\n',
  );
});

/** A reader of RFC 4180, character by character. */
function parsed(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] ?? "";
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[i + 1] === '"') {
        field += sign;
        i += 1;
      } else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === "," || sign === "\n") {
      row.push(field);
      field = "";
      if (sign === "\n") {
        rows.push(row);
        row = [];
      }
    } else field += sign;
  }
  return rows;
}

test("what is written is read again, whatever signs it is made of", (t) => {
  const random = randomFrom(17);
  const below = (limit: number): number => Math.floor(random() * limit);
  const cell = (): string => Array.from({ length: below(5) }, () => 'a",\n\r é'[below(7)] ?? "").join("");
  for (let time = 0; time < 500; time += 1) {
    const rows = Array.from({ length: 1 + below(4) }, () => Array.from({ length: 1 + below(4) }, cell));
    t.deepEqual(parsed(csvText(rows)), rows);
  }
});
