import test from "ava";
import { corpusOf } from "./corpus.mjs";
import { fuzzTarget } from "./fuzz-target.mjs";
import { targets } from "./targets.mjs";

/** Milliseconds of each target: a minute in all. */
const share = 60_000 / targets.length;

for (const target of targets) {
  test.serial(`${target.name}: whatever the bytes, a result or a coded error`, async (t) => {
    const { inputs, failures } = await fuzzTarget(target, {
      seed: 20261122,
      milliseconds: share,
      corpus: corpusOf(target.name),
    });
    for (const { input, error } of failures) {
      t.fail(`${error?.stack ?? error}\ninput (base64): ${Buffer.from(input).toString("base64")}`);
    }
    t.true(inputs > target.seeds.length);
    t.log(`${inputs} inputs`);
  });
}
