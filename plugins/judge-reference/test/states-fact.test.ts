import test from "ava";
import fc from "fast-check";
import { isCheckable, statesFact } from "../src/states-fact.js";

const stated: readonly [answer: string, reference: string][] = [
  ["The capital is Paris.", "Paris"],
  ["the capital is PARIS!", "paris"],
  ["**Paris**", "Paris"],
  ["A Paris-based office", "Paris"],
  ["Sao Paulo", "São Paulo"],
  ["São\n  Paulo", "Sao Paulo"],
  ["Zloty is the money.", "złoty"],
  ["Die Straße", "strasse"],
  ["Sa\u0303o Paulo", "S\u00E3o Paulo"],
  ["ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"],
  ["There are 206 bones.", "206"],
  ["(206)", "206"],
  ["It has 206.", "206"],
  ["about 1,000 years", "1000"],
  ["about 1000 years", "1,000"],
  ["1'234'567 people", "1234567"],
  ["1\u202F000 km", "1000"],
  ["two hundred, 206, or so", "206"],
  ["3.14 is π", "3.14"],
  ["it is π", "π"],
  ["２０６ bones", "206"],
  ["Jupiter’s moon", "Jupiter's moon"],
  ["cost: $5", "$5"],
];
const notStated: readonly [answer: string, reference: string][] = [
  ["", "Paris"],
  ["Parisian cafés", "Paris"],
  ["Comparison", "Paris"],
  ["There are 1206 bones.", "206"],
  ["There are 2060 bones.", "206"],
  ["There are 206.5 bones.", "206"],
  ["There are 1.206 bones.", "206"],
  ["There are 1,206 bones.", "206"],
  ["a206", "206"],
  ["It is a non-metal.", "metal"],
  ["1,00 euro", "100"],
  ["versions 1,2,3", "123"],
  ["I cannot help with that.", "Paris"],
  ["anything", ""],
];

for (const [answer, reference] of stated) {
  test(`states "${reference}": ${JSON.stringify(answer)}`, (t) => t.true(statesFact(answer, [reference])));
}
for (const [answer, reference] of notStated) {
  test(`does not state "${reference}": ${JSON.stringify(answer)}`, (t) => t.false(statesFact(answer, [reference])));
}

test("any accepted reference will do; an empty one is none", (t) => {
  t.true(statesFact("It has six strings.", ["6", "six"]));
  t.false(statesFact("It has seven strings.", ["6", "six", "", " "]));
  t.false(isCheckable(["", " \n"]));
  t.true(isCheckable(["", "x"]));
});

test("a reference set off by spaces is found, inside a word it is not", (t) => {
  const word = fc.stringMatching(/^[a-z]{1,10}$/);
  fc.assert(
    fc.property(word, word, word, (before, reference, after) => {
      t.true(statesFact(`${before} ${reference.toUpperCase()} ${after}`, [reference]));
      t.false(statesFact(`9${reference}`, [reference]));
    }),
  );
});

test("grouped thousands equal the plain number", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 2_000_000_000 }), (number) => {
      t.true(statesFact(`about ${number.toLocaleString("en-US")} of them`, [String(number)]));
      t.false(statesFact(`about ${number}0 of them`, [String(number)]));
    }),
  );
});
