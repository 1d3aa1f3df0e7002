import test from "ava";
import fc from "fast-check";
import { decimalRange } from "../src/schema-grammar/decimal-range.js";
import { integerRange } from "../src/schema-grammar/integer-range.js";

/** Digit classes and counts mean the same in GBNF and in a regular expression. */
const matcher = (alternatives: readonly string[]) =>
  alternatives.length === 0 ? /^\b$/ : new RegExp(`^(?:${alternatives.join("|")})$`);

test("an integer range spells its integers and nothing else", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: -2000, max: 2000 }), fc.nat({ max: 1500 }), (low, width) => {
      const expression = matcher(integerRange(low, low + width));
      for (let value = low - 30; value <= low + width + 30; value += 1) {
        if (expression.test(String(value)) !== (value >= low && value <= low + width)) return false;
      }
      return !expression.test(`0${Math.abs(low)}`) && !expression.test("-0") && !expression.test("");
    }),
    { numRuns: 150 },
  );
  t.deepEqual(integerRange(1, 5), ["[1-5]"]);
  t.deepEqual(integerRange(1, 10), ["[1-9]", "[1][0]"]);
  t.deepEqual(integerRange(3, 2), []);
});

test("large bounds too, at the digits where they differ", (t) => {
  const safe = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(safe, safe, safe, (a, b, probe) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const expression = matcher(integerRange(low, high));
      return [low - 1, low, low + 1, high - 1, high, high + 1, probe, 0]
        .filter(Number.isSafeInteger)
        .every((value) => expression.test(String(value)) === (value >= low && value <= high));
    }),
  );
  t.true(matcher(integerRange(0, Number.MAX_SAFE_INTEGER)).test("9007199254740991"));
});

test("a decimal range spells the numbers between its bounds, each in one way", (t) => {
  const half = fc.integer({ min: -80, max: 80 });
  fc.assert(
    fc.property(half, half, fc.boolean(), fc.boolean(), (a, b, withoutLow, withoutHigh) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const expression = matcher(decimalRange({ low, high, withoutLow, withoutHigh }));
      for (let quarter = (low - 2) * 4; quarter <= (high + 2) * 4; quarter += 1) {
        const value = quarter / 4;
        const within = (withoutLow ? value > low : value >= low) && (withoutHigh ? value < high : value <= high);
        if (expression.test(String(value)) !== within) return false;
      }
      return !expression.test(`${low}.0`) && !expression.test("-0") && !expression.test(`${low}.5e1`);
    }),
  );
  t.true(matcher(decimalRange({ low: -1, high: 0, withoutLow: false, withoutHigh: false })).test("-0.25"));
});
