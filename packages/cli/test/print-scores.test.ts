import type { Table } from "@unshift/contracts";
import test from "ava";
import { scoreText } from "../src/actions/print-scores.js";
import { scoreFigures } from "../src/actions/score-figures.js";

const column = (name: string) => ({ name, type: "string", unit: null, meaning: "" }) as const;
const table = (name: string, header: readonly string[], ...rows: Table["rows"]): Table => {
  return { name, title: name, columns: header.map(column), rows };
};

test("a mean is never written like points out of n", (t) => {
  t.is(scoreText({ mean: 7 / 3, ci: [5 / 3, 3], n: 3 }, false), "2.33 [1.67–3.00] (n 3)");
  t.is(scoreText({ mean: 6.4, ci: null, n: 5 }, false), "6.40 (n 5)");
  t.is(scoreText({ mean: 0.95, ci: [0.9, 0.99], n: 87 }, true), "95.0 % [90.0–99.0] (n 87)");
  t.is(scoreText({ mean: null, ci: null, n: 0 }, false), null);
});

test("figures of judges are those of the tables, each judge's average behind its aspects", (t) => {
  const scores = ["system", "judge", "aspect", "n", "mean", "mean_low", "mean_high", "na_policy"];
  const averages = ["system", "judge", "aspects", "n", "average", "average_low", "average_high", "na_policy"];
  const figures = scoreFigures([
    table(
      "scores",
      scores,
      ["a", "five", "depth", 3, 2, 1, 3, "exclude"],
      ["a", "five", "clarity", 3, 4, null, null, "exclude"],
      ["a", "fact", "correct", 2, 1, 0.5, 1, null],
      ["a", "silent", null, 0, null, null, null, null],
    ),
    table("score_averages", averages, ["a", "five", 2, 3, 3, 2, 4, "exclude"], ["a", "fact", 1, 2, 1, 0.5, 1, null]),
  ]);
  t.deepEqual(
    figures.map(({ judge, aspect, mean, ci }) => [judge, aspect, mean, ci]),
    [
      ["five", "depth", 2, [1, 3]],
      ["five", "clarity", 4, null],
      ["five", null, 3, [2, 4]],
      ["fact", "correct", 1, [0.5, 1]],
    ],
  );
  t.is(figures[0]?.naPolicy, "exclude");
});
