import test from "ava";
import { kernels } from "../load.mjs";
import { sameBits } from "./support/models.mjs";

/** The blackboard version. @param {ArrayLike<number>} row */
function logSoftmax(row) {
  const max = Math.max(...row);
  const lse = max + Math.log([...row].reduce((sum, x) => sum + Math.exp(x - max), 0));
  return { lse, logprobs: [...row].map((x) => x - lse) };
}

const row = (n, seed, spread = 4) =>
  Float32Array.from(
    { length: n },
    (_, i) => spread * Math.sin(i * 12.9898 + seed * 78.233) * Math.cos(i * 0.37 + seed),
  );

test("row statistics agree with plain JavaScript", (t) => {
  for (const n of [1, 2, 17, 1000, 5003]) {
    const x = row(n, n);
    const id = n >> 1;
    const got = kernels.rowStatistics(x, id, 5);
    const { lse, logprobs } = logSoftmax(x);
    t.true(Math.abs(got.logSumExp - lse) < 1e-9);
    t.true(Math.abs(got.logprob - logprobs[id]) < 1e-9);
    t.is(got.rank, 1 + x.filter((value) => value > x[id]).length);
    t.true(Math.abs(got.entropy + logprobs.reduce((sum, l) => sum + Math.exp(l) * l, 0)) < 1e-9);
    const order = [...x.keys()].sort((a, b) => x[b] - x[a] || a - b).slice(0, 5);
    t.deepEqual([...got.topIds], order);
    got.topLogprobs.forEach((l, i) => {
      t.true(Math.abs(l - logprobs[order[i]]) < 1e-9);
    });
  }
});

test("divergences agree with plain JavaScript, and swap exactly", (t) => {
  const a = row(3001, 1);
  const b = row(3001, 2);
  const p = logSoftmax(a).logprobs;
  const q = logSoftmax(b).logprobs;
  const sum = (f) => p.reduce((total, _, i) => total + f(p[i], q[i]), 0);
  const d = kernels.pairDivergences(a, b);
  const near = (x, y) => t.true(Math.abs(x - y) < 1e-9 * Math.max(1, Math.abs(y)));
  near(
    d.klReferenceSubject,
    sum((lp, lq) => Math.exp(lp) * (lp - lq)),
  );
  near(
    d.klSubjectReference,
    sum((lp, lq) => Math.exp(lq) * (lq - lp)),
  );
  near(
    d.tv,
    sum((lp, lq) => Math.abs(Math.exp(lp) - Math.exp(lq)) / 2),
  );
  const half = (l, lp, lq) => (Math.exp(l) * (l - Math.log((Math.exp(lp) + Math.exp(lq)) / 2))) / 2;
  near(
    d.js,
    sum((lp, lq) => half(lp, lp, lq) + half(lq, lp, lq)),
  );
  const e = kernels.pairDivergences(b, a);
  t.true(
    sameBits(
      [d.klReferenceSubject, d.klSubjectReference, d.js, d.tv],
      [e.klSubjectReference, e.klReferenceSubject, e.js, e.tv],
    ),
  );
  t.deepEqual(kernels.pairDivergences(a, a), { klReferenceSubject: 0, klSubjectReference: 0, js: 0, tv: 0 });
});

test("no number for what is not finite", (t) => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const x = row(50, 3);
    x[31] = bad;
    t.throws(() => kernels.rowStatistics(x, 0, 1), { code: "LOGITS_NOT_FINITE" });
    t.throws(() => kernels.pairDivergences(x, row(50, 1)), { code: "LOGITS_NOT_FINITE", message: /reference/ });
    t.throws(() => kernels.pairDivergences(row(50, 1), x), { code: "LOGITS_NOT_FINITE", message: /subject/ });
  }
  t.throws(() => kernels.rowStatistics(new Float32Array(4).fill(Number.NEGATIVE_INFINITY), 0, 1), {
    code: "LOGITS_NOT_FINITE",
  });
});

test("wrong arguments", (t) => {
  t.throws(() => kernels.rowStatistics([1, 2], 0, 1), { code: "NATIVE_INVALID_ARGUMENT", message: /row/ });
  t.throws(() => kernels.rowStatistics(new Float32Array(0), 0, 1), { code: "NATIVE_INVALID_ARGUMENT" });
  t.throws(() => kernels.rowStatistics(new Float32Array(3), 3, 1), { code: "NATIVE_INVALID_ARGUMENT", message: /id/ });
  t.throws(() => kernels.pairDivergences(new Float32Array(3), new Float32Array(4)), {
    code: "NATIVE_INVALID_ARGUMENT",
  });
});
