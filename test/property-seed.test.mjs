import process from "node:process";
import test from "ava";
import fc from "fast-check";

test("property tests draw the same cases in every run unless told otherwise", (t) => {
  const drawn = [];
  for (let run = 0; run < 2; run++) {
    const cases = [];
    fc.assert(
      fc.property(fc.integer(), (n) => {
        cases.push(n);
      }),
    );
    drawn.push(cases);
  }
  if (process.env["UNSHIFT_PROPERTY_SEED"] === "random") t.notDeepEqual(drawn[0], drawn[1]);
  else t.deepEqual(drawn[0], drawn[1]);
});
