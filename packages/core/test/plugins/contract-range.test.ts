import test from "ava";
import fc from "fast-check";
import { satisfies } from "../../src/plugins/contract-range.js";

const cases: readonly (readonly [version: string, range: string, result: boolean | null])[] = [
  ["1.0.0", "^1", true],
  ["1.9.3", "^1", true],
  ["2.0.0", "^1", false],
  ["1.0.0", "^1.1", false],
  ["1.2.0", "^1.1", true],
  ["1.2.0", "~1.1", false],
  ["1.1.9", "~1.1", true],
  ["1.4.0", "~1", true],
  ["1.0.0", "1", true],
  ["1.2.3", "1.x", true],
  ["1.2.3", "1.2.3", true],
  ["1.2.4", "=1.2.3", false],
  ["1.2.3", "*", true],
  ["1.5.0", ">=1.1 <2", true],
  ["2.0.0", ">= 1.1 < 2", false],
  ["1.2.0", ">1.1", true],
  ["1.1.5", ">1.1", false],
  ["1.1.5", "<=1.1", true],
  ["2.1.0", "^1 || ^2", true],
  ["3.0.0", "^1 || ^2", false],
  ["0.2.0", "^0.1", false],
  ["0.1.9", "^0.1.2", true],
  ["0.0.4", "^0.0.3", false],
  ["1.0.0", "latest", null],
  ["1.0.0", "", null],
  ["1.0.0", "^1 ||", null],
  ["1.0.0", "1.2.3.4", null],
];
for (const [version, range, result] of cases) {
  test(`${version} in "${range}": ${result}`, (t) => t.is(satisfies(version, range), result));
}

test("^ keeps the major, and takes all that is not older", (t) => {
  const part = fc.nat({ max: 9 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), part, part, part, part, part, (major, minor, patch, a, b, c) => {
      const newer = a === major && (b > minor || (b === minor && c >= patch));
      t.is(satisfies(`${a}.${b}.${c}`, `^${major}.${minor}.${patch}`), newer);
    }),
  );
});
