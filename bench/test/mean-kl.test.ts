import test from "ava";
import { meanKl } from "../src/measures/p2-kl-stream.js";

test("the mean KL divergence is the third figure of llama-perplexity's last row", (t) => {
  const log = `0.00 minutes

chunk             PPL               ln(PPL(Q)/PPL(base))          KL Divergence              Δp RMS            Same top p
   1    2419.7155 ± 2570.4561      -0.38073 ±    0.26801       0.88153 ±    0.17229     5.811 ±  1.526 %    51.613 ±  9.124 %
   2    8086.8982 ± 6288.4376       0.22462 ±    0.31569       1.35791 ±    0.28388     6.655 ±  1.489 %    56.452 ±  6.348 %

====== Perplexity statistics ======
Mean PPL(Q)                   : 8086.898200 ± 6288.437600
`;
  t.is(meanKl(log), 1.35791);
});

test("a log without such a row has no mean", (t) => {
  t.true(Number.isNaN(meanKl("error: failed to open")));
});
