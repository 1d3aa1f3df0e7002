// `node scripts/fuzz.mjs [--seconds 60] [--seed n] [--target name]`: mutated inputs for everything that reads what strangers write.
// An input that shows a fault is kept in test/fuzz/corpus, and `npm test` gives it again from then on.
import process from "node:process";
import { parseArgs } from "node:util";
import { corpusOf, keep } from "../test/fuzz/corpus.mjs";
import { fuzzTarget } from "../test/fuzz/fuzz-target.mjs";
import { targets } from "../test/fuzz/targets.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 32) },
    target: { type: "string", multiple: true },
  },
});
const chosen = targets.filter(({ name }) => values.target?.includes(name) ?? true);
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (chosen.length === 0 || !(seconds > 0) || !Number.isInteger(seed)) {
  process.stderr.write(
    `--seconds above 0, --seed a whole number, --target of ${targets.map(({ name }) => name).join(", ")}\n`,
  );
  process.exit(2);
}
let failed = 0;
for (const target of chosen) {
  const milliseconds = (1000 * seconds) / chosen.length;
  const { inputs, failures } = await fuzzTarget(target, {
    seed,
    milliseconds,
    corpus: corpusOf(target.name),
    mostFailures: 20,
  });
  process.stdout.write(`${target.name}: ${inputs} inputs, ${failures.length} failures (seed ${seed})\n`);
  for (const { input, error } of failures) {
    failed += 1;
    process.stdout.write(
      `  ${keep(target.name, input)}\n  ${String(error?.stack ?? error)
        .split("\n")
        .slice(0, 4)
        .join("\n  ")}\n`,
    );
  }
}
process.exitCode = failed > 0 ? 1 : 0;
