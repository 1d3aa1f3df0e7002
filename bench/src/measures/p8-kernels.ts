import { kernels } from "@unshift/native";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, ratio } from "../measure.js";
import { startCoreBench } from "../peers/start-core-bench.js";

const vocabulary = 128_256;
const atLeastFour = { direction: "at least", value: 4 } as const;

export const rowKernels: Measure = {
  id: "P8",
  title: "Rows of logits: vectorised loops beside plain ones",
  meaning:
    "One thread, rows of 128,256 random logits in memory. Plain loops are what one writes without vectors, in double, with as few passes and exponentials as they need. The twins are the tests' loops in long double, written to be right and not to be fast. Row statistics are log-sum-exp, log-probability, rank, entropy and the ten best; a pair's are KL both ways, JS and TV.",
  needs: { models: false, peers: ["unshift-core-bench"] },
  figures: [
    {
      id: "row",
      title: "row statistics with top 10: plain / ours",
      unit: "×",
      target: atLeastFour,
      of: ratio("plain row", "row"),
    },
    {
      id: "pair",
      title: "pair divergences: plain / ours",
      unit: "×",
      target: atLeastFour,
      of: ratio("plain pair", "pair"),
    },
    { id: "twin-row", title: "row statistics: twin / ours", unit: "×", target: null, of: ratio("twin row", "row") },
    {
      id: "twin-pair",
      title: "pair divergences: twin / ours",
      unit: "×",
      target: null,
      of: ratio("twin pair", "pair"),
    },
    {
      id: "fused",
      title: "both rows' statistics and divergences apart / in one pass",
      unit: "×",
      target: null,
      of: ratio("apart", "both"),
    },
  ],
  prepare,
};

async function prepare(bench: Bench): Promise<Prepared> {
  const repeat = bench.quick ? "1" : "8";
  const core = await startCoreBench(
    bench.peer("unshift-core-bench"),
    ["kernels", "--vocabulary", String(vocabulary), "--repeat", repeat],
    bench.signal,
  );
  const side = (id: string, title: string) => ({ id, title, run: () => core.run(id) });
  return {
    work: core.work,
    sides: [
      side("plain row", "row statistics with top 10, plain loops in double"),
      side("row", "Unshift, row statistics with top 10"),
      side("plain pair", "pair divergences, plain loops in double"),
      side("pair", "Unshift, pair divergences"),
      side("twin row", "row statistics with top 10, long double"),
      side("twin pair", "pair divergences, long double"),
      side("apart", "Unshift, two rows' statistics, then their divergences"),
      side("both", "Unshift, all of it in one pass"),
    ],
    // The tests compare the loops number by number; here a row whose truth is known.
    async check() {
      const row = new Float32Array(vocabulary);
      const { logSumExp, entropy } = kernels.rowStatistics(row, 0, 10);
      const difference = Math.max(Math.abs(logSumExp - Math.log(vocabulary)), Math.abs(entropy - Math.log(vocabulary)));
      return {
        agree: difference < 1e-12,
        text: `entropy of equal logits is ln V to ${difference.toPrecision(2)} nats`,
      };
    },
    dispose: () => core.stop(),
  };
}
