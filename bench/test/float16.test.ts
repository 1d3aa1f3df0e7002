import test from "ava";
import fc from "fast-check";
import { float16 } from "../src/model/normal-weights.js";

/** IEEE 754 half precision, read as the standard defines it. */
function read(bits: number): number {
  const exponent = bits >> 10;
  const mantissa = bits & 0x3ff;
  return exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
}

test("every positive half-precision number is itself, and what lies between goes to the nearer one", (t) => {
  for (let bits = 1; bits < 0x7bff; bits++) {
    const value = read(bits);
    const next = read(bits + 1);
    t.is(float16(value), bits);
    if (bits % 97 === 0) {
      t.is(float16(value + 0.4 * (next - value)), bits);
      t.is(float16(value + 0.6 * (next - value)), bits + 1);
    }
  }
});

test("the error is at most half a step", (t) => {
  fc.assert(
    fc.property(fc.double({ min: 2 ** -14, max: 60000, noNaN: true }), (value) => {
      t.true(Math.abs(read(float16(value)) - value) <= value * 2 ** -11);
    }),
  );
});
