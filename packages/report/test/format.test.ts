import test from "ava";
import {
  count,
  divergence,
  divergenceRange,
  ordinal,
  percent,
  percentagePoints,
  percentRange,
  real,
  signed,
  tickText,
} from "../src/app/text/format.js";

test("a share has one decimal, and two significant digits below 0.1 %", (t) => {
  t.is(percent(0.9312), "93.1\u202f%");
  t.is(percent(0.006273), "0.6\u202f%");
  t.is(percent(0.001), "0.1\u202f%");
  t.is(percent(0.00099), "0.099\u202f%");
  t.is(percent(0.00011437), "0.011\u202f%");
  t.is(percent(0.0000012), "0.00012\u202f%");
  t.is(percent(1.2e-9), "1.2·10⁻⁷\u202f%");
  t.is(percent(0), "0\u202f%");
  t.is(percent(1), "100\u202f%");
  t.is(percent(null), "–");
  t.is(percentRange(0.918, 0.942), "91.8–94.2\u202f%");
  t.is(percentRange(0.00394, 0.00914), "0.4–0.9\u202f%");
  t.is(percentRange(null, 1), "");
  t.is(percentagePoints(0.042015), "4.2");
  t.is(percentagePoints(-0.00042), "−0.042");
});

test("divergences have three decimals and turn scientific below 0.0005, all alike", (t) => {
  t.is(divergence(9.0758), "9.076");
  t.is(divergence(0.41887), "0.419");
  t.is(divergence(12.14087), "12.141");
  t.is(divergence(0.0005), "0.001");
  t.is(divergence(0.000499), "5.0·10⁻⁴");
  t.is(divergence(-0.1906), "−0.191");
  t.is(divergence(0), "0");
  t.is(divergence(Number.POSITIVE_INFINITY), "∞");
  t.is(divergence(null), "–");
  t.is(divergenceRange(0.4088, 0.4287), "0.409 to 0.429");
});

test("other numbers keep three significant digits", (t) => {
  t.is(count(5210), "5,210");
  t.is(real(0.1415), "0.141");
  t.is(real(-2.345), "−2.35");
  t.is(real(12345.6), "12,346");
  t.is(real(0.000031), "3.1·10⁻⁵");
  t.is(real(Number.NEGATIVE_INFINITY), "−∞");
  t.is(signed(real(2), 2), "+2.00");
  t.is(tickText(0.25, true), "25\u202f%");
});

test("places are counted in words people use", (t) => {
  t.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111, 1013, 1021].map(ordinal), [
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "22nd",
    "101st",
    "111th",
    "1,013th",
    "1,021st",
  ]);
});
