import { type Example, isUnshiftError, type Preparation, type Sample, type Strategy } from "@unshift/contracts";
import test from "ava";
import { runExperiment } from "../../src/run/run-experiment.js";
import { plainStrategy, samples, workshop } from "./workshop.js";

test("a strategy prepares once for its model, with an embedder, before any answer", async (t) => {
  const shop = await workshop(t);
  const order: string[] = [];
  const identities: string[] = [];
  const { loaded, services } = await shop.open({
    createStrategy: () => ({
      async prepare(model, work: Preparation) {
        order.push(`prepare ${model.name}`);
        const embedder = await work.embedder({ model: "system" }, "mean");
        identities.push(embedder.identity);
        const { rows } = await embedder.embed(["one", "two"], { signal: work.signal });
        t.is(rows.length, 2 * embedder.dimensions);
        work.progress("embedding", 2, 2);
        work.note("the index was rebuilt");
        t.true(work.cacheFolder.endsWith("cache"));
      },
      build(sample: Sample, model) {
        order.push("build");
        return plainStrategy.build(sample, model);
      },
    }),
  });
  const outcome = await runExperiment(loaded, services);
  t.deepEqual(order.slice(0, 2).toSorted(), ["prepare aligned", "prepare base"]);
  t.is(order.indexOf("build"), 2);
  t.is(new Set(identities).size, 2, "each system's own model");
  t.deepEqual(outcome.manifest.notes, ["the index was rebuilt"]);
});

test("what fails while preparing ends the run, with the plugin's name and the strategy's place", async (t) => {
  const shop = await workshop(t);
  const { loaded, services } = await shop.open({
    strategy: {
      ...plainStrategy,
      prepare() {
        throw new Error("no corpus");
      },
    } satisfies Strategy,
  });
  const error = await t.throwsAsync(runExperiment(loaded, services));
  t.true(isUnshiftError(error) && error.code === "STRATEGY_FAILED");
  t.regex(error?.message ?? "", /@unshift\/workshop: preparing the strategy "plain" failed: no corpus/);
  t.true(isUnshiftError(error) && error.where?.line !== undefined);
});

test("a strategy reads the train part of the experiment's dataset, or of any other", async (t) => {
  const train: Example[] = [{ id: "t0", instruction: "what is snow", output: "frozen rain" }];
  const shop = await workshop(t);
  const seen: string[] = [];
  const { loaded, services } = await shop.open({
    examples: train,
    createStrategy: async (context) => {
      for (const source of ["dataset", { use: "memory", options: {} }] as const) {
        const pool = await context.examples?.(source);
        for await (const { id } of pool?.examples ?? []) seen.push(id);
      }
      return plainStrategy;
    },
  });
  await runExperiment(loaded, services);
  t.deepEqual(seen, ["t0", "t0", "t0", "t0"]);
});

test("a dataset without a train part says so at the strategy that asked", async (t) => {
  const shop = await workshop(t);
  const { loaded, services } = await shop.open({
    createStrategy: async (context) => {
      await context.examples?.("dataset");
      return plainStrategy;
    },
  });
  const error = await t.throwsAsync(runExperiment(loaded, services));
  t.true(isUnshiftError(error) && error.code === "EXAMPLES_NONE");
  t.true(isUnshiftError(error) && error.where?.line === 9, "the line of the system");
});

test("a strategy may read the answer out of the text its own way; ids and raw text stay", async (t) => {
  const shop = await workshop(t);
  const { loaded, services } = await shop.open({
    strategy: { ...plainStrategy, extract: ({ text }) => text.toUpperCase() },
  });
  const plain = await shop.open({ output: "plain" });
  const [outcome, before] = [await runExperiment(loaded, services), await runExperiment(plain.loaded, plain.services)];
  for (const [index, record] of outcome.answers.entries()) {
    const other = before.answers[index];
    if (record.status !== "answered" || other?.status !== "answered") throw new Error("unanswered");
    t.is(record.text, other.text.toUpperCase());
    t.deepEqual([record.ids, record.raw], [other.ids, other.raw]);
    t.not(record.key, other.key, "another reading is another answer");
  }
});

test("more failures than maxFailures stop the run; what was finished is kept", async (t) => {
  const shop = await workshop(t);
  const picky: Strategy = {
    build(sample, model) {
      if (["s1", "s3"].includes(sample.id)) throw new Error(`odd sample ${sample.id}`);
      return plainStrategy.build(sample, model);
    },
  };
  const open = (limit: string) => shop.open({ strategy: picky, set: [`maxFailures=${limit}`], output: `run-${limit}` });
  const few = await open("1");
  const error = await t.throwsAsync(runExperiment(few.loaded, few.services));
  t.true(isUnshiftError(error) && error.code === "TOO_MANY_FAILED" && error.exitCode === 1);
  t.regex(error?.message ?? "", /2 items failed, maxFailures is 1\. The first: .*odd sample s1/s);
  const enough = await open("4");
  const outcome = await runExperiment(enough.loaded, enough.services);
  t.is(outcome.answers.filter(({ status }) => status === "failed").length, 4);
  t.is(outcome.answers.filter(({ status }) => status === "answered").length, 2 * (samples.length - 2));
});
