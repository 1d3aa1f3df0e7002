import test from "ava";
import {
  type LogisticFit,
  type LogisticOptions,
  logisticRegression,
} from "../../src/comparison/logistic-regression.js";
import { near } from "./near.js";

const x1 = [
  0.034, 1.36, 1.225, -0.51, -0.298, -0.527, 0.57, -0.056, 0.747, -1.847, 1.567, -0.096, 0.68, -0.137, -0.379, 0.463,
  0.825, -0.203, -0.153, 0.686, -0.87, -1.514, 0.395, -0.671, -1.92, -0.814, -0.468, -1.193, -1.492, 0.037, 0.897,
  -0.233, -0.744, 0.385, 0.717, -0.3, 0.545, 1.043, -0.207, -0.814,
];
const x2 = [
  1.695, 1.495, 3.198, -1.569, -0.323, -0.676, -2.468, 1.253, 2.056, -0.478, 3.771, 2.644, 2.255, 1.803, 2.911, -1.664,
  2.228, 2.206, -2.535, 1.694, 0.499, 2.563, 0.122, 0.964, 1.686, -0.753, 2.197, 0.79, 1.985, -0.044, 3.172, 2.21,
  0.644, 2.264, 3.52, 4.582, -2.147, 2.766, 1.93, 0.812,
];
const y = [
  0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1,
  1,
];

function fit(outcomes: readonly number[], options: LogisticOptions = {}, weights?: readonly number[]): LogisticFit {
  return logisticRegression(
    {
      design: Float64Array.from(x1.flatMap((value, i) => [1, value, x2[i] ?? 0])),
      terms: 3,
      outcomes: Float64Array.from(outcomes),
      ...(weights === undefined ? {} : { weights: Float64Array.from(weights) }),
    },
    options,
  );
}

// Numbers of the next four tests: statsmodels 0.15.0 (Logit by Newton's method; GLM binomial), scikit-learn 1.9.1.

test("coefficients, errors and likelihood are statsmodels'", (t) => {
  const found = fit(y);
  if (found.status !== "fitted") return t.fail(found.because);
  near(t, found.coefficients, [0.7590514666255024, -0.0025354664014922974, -0.4212482169381694]);
  near(t, found.standardErrors, [0.4753395285750898, 0.4048587871656301, 0.2256235164282797]);
  near(t, [found.logLikelihood], [-25.310880572602755]);
  t.true(found.iterations < 10);
});

test("ties as halves", (t) => {
  const found = fit(y.map((label, i) => (i % 5 === 0 ? 0.5 : label)));
  if (found.status !== "fitted") return t.fail(found.because);
  near(t, found.coefficients, [0.6475742271590581, -0.10743003415889923, -0.27062202573810346]);
  near(t, found.standardErrors, [0.4413156169518088, 0.39733521394189664, 0.20642915185776928]);
});

test("weights count rows", (t) => {
  const found = fit(
    y,
    {},
    y.map((_, i) => (i % 3) + 1),
  );
  if (found.status !== "fitted") return t.fail(found.because);
  near(t, found.coefficients, [0.5160123437639598, 0.17123860058012258, -0.2848482273431261]);
  near(t, found.standardErrors, [0.3436135944612522, 0.3083548959206966, 0.1611030986357349]);
});

test("ridge is scikit-learn's 1 / C", (t) => {
  // LogisticRegression(C=1/2.5, solver="newton-cholesky", tol=1e-13), whose intercept is not penalised; and C=1/0.7 without one.
  const free = fit(y, { ridge: [0, 2.5, 2.5] });
  const all = fit(y, { ridge: [0.7, 0.7, 0.7] });
  if (free.status !== "fitted" || all.status !== "fitted") return t.fail();
  near(t, free.coefficients, [0.6931789600907217, -0.017163809176014216, -0.37598134750845374]);
  near(t, all.coefficients, [0.6434869855819715, -0.02663214716347332, -0.37668326485000925]);
});

test("where it starts does not matter", (t) => {
  const found = fit(y, { start: Float64Array.of(-3, 2, 1) });
  if (found.status !== "fitted") return t.fail(found.because);
  near(t, found.coefficients, [0.7590514666255024, -0.0025354664014922974, -0.4212482169381694]);
});

test("no finite maximum and no single maximum are states", (t) => {
  const line = (design: number[], terms: number, outcomes: number[], ridge?: number[]): LogisticFit =>
    logisticRegression(
      { design: Float64Array.from(design), terms, outcomes: Float64Array.from(outcomes) },
      ridge === undefined ? {} : { ridge },
    );
  t.deepEqual(line([1, 1, 1], 1, [1, 1, 1]), { status: "unfitted", because: "separated" });
  const apart = [1, -2, 1, -1, 1, 1, 1, 2];
  t.deepEqual(line(apart, 2, [0, 0, 1, 1]), { status: "unfitted", because: "separated" });
  // Quasi-complete: only at x = 0 do outcomes differ.
  t.deepEqual(line([1, -1, 1, 0, 1, 0, 1, 1], 2, [0, 0, 1, 1]), { status: "unfitted", because: "separated" });
  t.is(line(apart, 2, [0, 0, 1, 1], [0, 1]).status, "fitted");
  t.deepEqual(line([1, 2, 1, 2, 1, 2], 2, [0, 1, 1]), { status: "unfitted", because: "collinear" });
});
