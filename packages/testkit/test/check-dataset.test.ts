import type { Dataset, Example, Sample } from "@unshift/contracts";
import test from "ava";
import { checkDataset } from "../src/index.js";
import { broken, datasetOf, sampleOf } from "./guilty.js";

const samples = [sampleOf("rain"), sampleOf("snow"), sampleOf("hail", { follows: "rain" })];
const example = (id: string, instruction = `Tell me about ${id}.`): Example => ({ id, instruction, output: "Yes." });
const examples = [example("fog"), example("dew")];

test("samples, a second turn and examples pass", async (t) => {
  const good = datasetOf(() => ({ samples: () => samples, examples: () => examples, provenance: { sha256: "ab" } }));
  t.deepEqual(await checkDataset(good), samples);
});

async function* slowly<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) yield item;
}

test("a dataset that is read piece by piece passes", async (t) => {
  const good = datasetOf(() => ({ samples: () => slowly(samples), examples: () => slowly(examples) }));
  t.is((await checkDataset(good)).length, 3);
});

let created = 0;
const guilty: readonly [string, () => Dataset, RegExp][] = [
  [
    "ids that change with the load",
    () => {
      let loads = 0;
      return { samples: () => [sampleOf(`rain-${loads++}`)] };
    },
    /the second load.*at place 0: "rain-\d" instead of "rain-0"/,
  ],
  [
    "ids that change with the instance",
    () => {
      const prefix = created++;
      return { samples: () => [sampleOf(`${prefix}-rain`)] };
    },
    /the load of another instance/,
  ],
  ["ids by chance", () => ({ samples: () => [sampleOf(crypto.randomUUID())] }), /the second load of one instance/],
  [
    "ids that hold the date",
    () => ({ samples: () => [sampleOf(new Date().toDateString())] }),
    /the load on another day/,
  ],
  [
    "another order each time",
    () => {
      let loads = 0;
      return { samples: () => (loads++ % 2 === 0 ? samples.slice(0, 2) : samples.slice(0, 2).toReversed()) };
    },
    /another sample at place 0: "snow" instead of "rain"|at place 0/,
  ],
  [
    "another question under the same id",
    () => {
      let loads = 0;
      return { samples: () => [sampleOf("rain", { reference: [`${loads++}`] })] };
    },
    /another sample under the id "rain"/,
  ],
  [
    "one pass for all loads",
    () => {
      const once = slowly(samples);
      return { samples: () => once };
    },
    /gave 0 samples instead of 3/,
  ],
  [
    "a load that goes on where one was left",
    () => {
      const left = [...samples, ...samples];
      return {
        samples: () =>
          (function* () {
            for (let given = 0; given < 3; given += 1) {
              const next = left.shift();
              if (next === undefined) return;
              yield next;
            }
          })(),
      };
    },
    /the second load of one instance/,
  ],
  [
    "a turn that follows nobody",
    () => ({ samples: () => [sampleOf("rain"), sampleOf("snow", { follows: "hail" })] }),
    /sample 1 \("snow"\) follows "hail", which is no sample before it/,
  ],
  [
    "a turn before the one it continues",
    () => ({ samples: () => [sampleOf("rain", { follows: "snow" }), sampleOf("snow")] }),
    /sample 0 \("rain"\) follows "snow"/,
  ],
  ["a turn that follows itself", () => ({ samples: () => [sampleOf("rain", { follows: "rain" })] }), /follows "rain"/],
  [
    "an example that asks what a sample asks",
    () => ({ samples: () => samples, examples: () => [...examples, example("x", " what IS  rain? ")] }),
    /example 2 \("x"\) is among the samples, as "rain"/,
  ],
  [
    "examples by chance",
    () => ({ samples: () => samples, examples: () => [example(crypto.randomUUID())] }),
    /another example at place 0/,
  ],
  [
    "two examples under one id",
    () => ({ samples: () => samples, examples: () => [example("fog"), example("fog", "Why?")] }),
    /two examples have the id "fog"/,
  ],
  [
    "an example without an answer",
    () => ({ samples: () => samples, examples: () => [{ ...example("fog"), output: " " }] }),
    /example 0 \("fog"\) has no answer/,
  ],
  [
    "an example that asks nothing",
    () => ({ samples: () => samples, examples: () => [example("fog", "\n")] }),
    /example 0 \("fog"\) asks nothing/,
  ],
  [
    "provenance by chance",
    () => ({ samples: () => samples, provenance: { at: Math.random() } }),
    /two instances state another provenance/,
  ],
];
for (const [what, create, message] of guilty) {
  test(`found: ${what}`, async (t) => {
    await t.throwsAsync(checkDataset(datasetOf(create)), broken(message));
  });
}

test("samples that change under the reader's hands are found", async (t) => {
  const shared: Sample[] = [sampleOf("rain")];
  const changing = datasetOf(() => ({
    samples: () => {
      const [first] = shared;
      if (first !== undefined) (first.tags as Record<string, readonly string[]>).loads = [`${Math.random()}`];
      return shared;
    },
  }));
  await t.throwsAsync(checkDataset(changing), broken(/another sample under the id "rain"/));
});
