import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import {
  type CompatToken,
  compatBiTopProbability,
  compatClass,
  compatJaccard,
  compatKl,
  compatList,
  compatNdcg,
  compatTopProbability,
  compatTopRank,
  compatWeightedSum,
} from "../src/index.js";

interface MetricCase {
  readonly base: readonly CompatToken[];
  readonly aligned: readonly CompatToken[];
  readonly expected: Readonly<Record<string, number | string | null>>;
}

function metricsOf(base: readonly CompatToken[], aligned: readonly CompatToken[]): Record<string, number | string> {
  const b = compatList(base);
  const a = compatList(aligned);
  return {
    "jaccard@10": compatJaccard(b, a, 10),
    "jaccard@50": compatJaccard(b, a, 50),
    nDCG: compatNdcg(b, a),
    "KL@10": compatKl(b, a, 10),
    "KL@50": compatKl(b, a, 50),
    "WS@10": compatWeightedSum(b, a, 10),
    "WS@50": compatWeightedSum(b, a, 50),
    "TR@10": compatTopRank(b, a, 10),
    "TR@50": compatTopRank(b, a, 50),
    "TP@50": compatTopProbability(b, a, 50),
    "BTP@10": compatBiTopProbability(b, a, 10),
    class: compatClass(b, a),
  };
}

/** A list whose probabilities over the list are the given ones. */
function listOf(...tokens: readonly (readonly [id: number, token: string, probability: number])[]): CompatToken[] {
  return tokens.map(([token_id, token, probability]) => ({ token_id, token, logit: Math.log(probability) + 5 }));
}

function near(actual: unknown, expected: number): boolean {
  return typeof actual === "number" && Math.abs(actual - expected) <= 1e-9;
}

const file = fileURLToPath(new URL("../../../../../shared/data/aligntds/metric_cases.json", import.meta.url));

test("released cases, to 1e-9", (t) => {
  if (!existsSync(file)) {
    t.log("NOT RUN: the 200 released cases are not here; the hand-computed ones below still check every metric");
    t.not(process.env.UNSHIFT_SHARED_DATA, "required");
    return;
  }
  const cases = JSON.parse(readFileSync(file, "utf8")) as readonly MetricCase[];
  t.is(cases.length, 200);
  for (const [i, { base, aligned, expected }] of cases.entries()) {
    for (const [name, value] of Object.entries(metricsOf(base, aligned))) {
      const wanted = expected[name];
      t.true(
        typeof wanted === "number" ? near(value, wanted) : value === wanted,
        `case ${i}, ${name}: ${value} instead of ${wanted}`,
      );
    }
  }
});

test("by hand: two lists that overlap in two strings", (t) => {
  const metrics = metricsOf(
    listOf([1, "a", 0.5], [2, "b", 0.3], [3, "c", 0.2]),
    listOf([2, "b", 0.6], [4, "d", 0.3], [1, "a", 0.1]),
  );
  t.is(metrics["jaccard@10"], 0.5);
  t.true(near(metrics["KL@10"], 0.5 * Math.log(5) + 0.3 * Math.log(0.5)));
  t.true(near(metrics["WS@10"], 0.5 * 0.1 + 0.3 * 0.6));
  t.is(metrics["TR@10"], 1);
  t.true(near(metrics["TP@50"], 0.3));
  t.true(near(metrics["BTP@10"], (0.3 + 0.1) / 2));
  t.is(metrics.class, "marginal");
  // Discounts 1, 1/log2(3), 1/2: "a" stands 1st and 3rd, "b" 2nd and 1st.
  const second = 1 / Math.log2(3);
  t.true(near(metrics.nDCG, (0.5 + second) / (1 + second ** 2 + 0.25)));
});

test("by hand: ids that print alike are one string, its first appearance counts; nDCG goes by id", (t) => {
  const metrics = metricsOf(listOf([1, "x", 0.5], [2, "y", 0.3], [3, "x", 0.2]), listOf([3, "x", 0.8], [5, "z", 0.2]));
  t.is(metrics["jaccard@10"], 1 / 3);
  t.true(near(metrics["KL@10"], 0.5 * Math.log(0.5 / 0.8)));
  t.true(near(metrics["WS@10"], 0.5 * 0.8));
  t.is(metrics.class, "unshifted");
  const second = 1 / Math.log2(3);
  t.true(near(metrics.nDCG, 0.5 / (1 + second ** 2)));
});

test("by hand: k cuts, and what is absent counts k", (t) => {
  const base = compatList(listOf([1, "a", 0.4], [2, "b", 0.3], [3, "c", 0.2], [4, "d", 0.1]));
  const aligned = compatList(listOf([4, "d", 0.9], [1, "a", 0.1]));
  t.is(compatTopRank(base, aligned, 3), 3);
  t.is(compatTopRank(base, aligned, 4), 3);
  t.is(compatTopProbability(base, aligned, 3), 0);
  t.is(compatJaccard(base, aligned, 1), 0);
  t.is(compatClass(base, aligned), "shifted");
  t.is(compatClass(base, compatList(listOf([9, "q", 1]))), "shifted");
});

test("by hand: KL@k can be negative, so it is not a divergence", (t) => {
  t.true(
    compatKl(compatList(listOf([1, "a", 0.2], [2, "b", 0.8])), compatList(listOf([1, "a", 0.9], [3, "c", 0.1])), 10) <
      0,
  );
});
