import test from "ava";
import fc from "fast-check";
import { repetitionOf } from "../../src/run/repetition.js";

test("finds the smallest period that runs to the end", (t) => {
  const phrase = [5, 6, 7, 8, 9, 10];
  const ids = [1, 2, 3, ...phrase, ...phrase, ...phrase, ...phrase, ...phrase];
  t.deepEqual(repetitionOf(ids), { period: 6, times: 5, start: 3 });
  t.deepEqual(repetitionOf([1, 2, ...new Array(30).fill(4)]), { period: 1, times: 30, start: 2 });
});

test("a part of the phrase at the end still runs away; a repetition that ended does not", (t) => {
  const phrase = Array.from({ length: 10 }, (_, index) => index);
  const ids = [99, ...phrase, ...phrase, ...phrase, ...phrase, 0, 1, 2];
  t.like(repetitionOf(ids), { period: 10, times: 4 });
  t.is(repetitionOf([...ids, 50, 51]), null);
});

test("three refrains, a row of dots and a short list are none", (t) => {
  const refrain = Array.from({ length: 40 }, (_, index) => index);
  t.is(repetitionOf([...refrain, ...refrain, ...refrain]), null);
  t.is(repetitionOf([1, 2, ...new Array(20).fill(3)]), null);
  t.is(repetitionOf([]), null);
});

test("whatever stands before it, a phrase said four times or more is found with its start", (t) => {
  const phrase = fc.array(fc.nat(50), { minLength: 6, maxLength: 60 });
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { maxLength: 40 }),
        phrase,
        fc.integer({ min: 4, max: 8 }),
        (before, unit, times) => {
          const found = repetitionOf([...before, ...Array.from({ length: times }, () => unit).flat()]);
          return (
            found !== null && unit.length % found.period === 0 && found.start <= before.length && found.times >= times
          );
        },
      ),
    ),
  );
});
