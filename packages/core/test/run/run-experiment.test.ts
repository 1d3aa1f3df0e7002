import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isUnshiftError, type Strategy } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { analyseAgain } from "../../src/run/again.js";
import { planExperiment } from "../../src/run/plan-experiment.js";
import { renderPrompt } from "../../src/run/render-prompt.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { contentOf } from "./folder-content.js";
import { samples, type WorkshopOptions, workshop } from "./workshop.js";

type Workshop = Awaited<ReturnType<typeof workshop>>;

async function run(shop: Workshop, options: WorkshopOptions = {}) {
  const { loaded, services, engines } = await shop.open(options);
  return { ...(await runExperiment(loaded, services)), engine: engines[0] };
}

async function failure(t: ExecutionContext, work: Promise<unknown>) {
  const error = await t.throwsAsync(work);
  if (!isUnshiftError(error)) {
    throw error ?? new Error("no error");
  }
  return error;
}

test("answers, compares, judges and tabulates every sample", async (t) => {
  const outcome = await run(await workshop(t));
  t.is(outcome.answers.length, 2 * samples.length);
  t.true(outcome.answers.every(({ status }) => status === "answered"));
  t.is(outcome.comparisons.length, samples.length);
  for (const comparison of outcome.comparisons) {
    const answer = outcome.answers.find(
      ({ system, sampleId }) => system === "aligned" && sampleId === comparison.sampleId,
    );
    t.is(
      comparison.positions,
      answer?.status === "answered" ? answer.ids.length : -1,
      "the ids scored are the ids generated",
    );
  }
  t.is(outcome.verdicts.length, 2 * samples.length);
  t.true(outcome.tables.some(({ name }) => name === "class_ratios"));
  t.deepEqual(outcome.engine?.calls.disposed.toSorted(), ["aligned", "base"]);
});

test("a second call computes nothing and leaves the same bytes", async (t) => {
  const shop = await workshop(t);
  const first = await run(shop);
  const content = await contentOf(first);
  const second = await run(shop);
  t.deepEqual(second.engine?.calls.generated, []);
  t.deepEqual(second.engine?.calls.compared, []);
  t.deepEqual(await contentOf(second), content);
});

test("samples in another order give equal positions and tables", async (t) => {
  const shop = await workshop(t);
  const forward = await run(shop, { output: "forward" });
  const backward = await run(shop, { output: "backward", samples: samples.toReversed() });
  const strip = (content: Record<string, unknown>) => content;
  t.deepEqual(strip(await contentOf(backward)), strip(await contentOf(forward)));
});

test("a run in two halves equals a run in one go", async (t) => {
  const shop = await workshop(t);
  const whole = await run(shop, { output: "whole" });
  const half = await run(shop, { output: "halves", limit: 2 });
  t.is(half.manifest.notes.length, 1, "a limited run says so");
  const rest = await run(shop, { output: "halves" });
  t.is(rest.engine?.calls.compared.length, samples.length - 2, "the first half is kept");
  t.deepEqual(rest.manifest.notes, []);
  t.deepEqual(await contentOf(rest), await contentOf(whole));
});

test("an interrupted run keeps what was finished and continues to the same bytes", async (t) => {
  const shop = await workshop(t);
  const whole = await run(shop, { output: "whole" });
  const controller = new AbortController();
  const { loaded, services } = await shop.open({ output: "cut", engine: { delayMs: 2 }, signal: controller.signal });
  let ticks = 0;
  const events = {
    ...services.events,
    tick: () => {
      ticks += 1;
      if (ticks === 14) {
        controller.abort();
      }
    },
  };
  const error = await failure(t, runExperiment(loaded, { ...services, events }));
  t.is(error.code, "ABORTED");
  t.is(error.exitCode, 130);
  const continued = await run(shop, { output: "cut" });
  t.true((continued.engine?.calls.compared.length ?? 99) < samples.length, "scored samples are kept");
  t.is(continued.engine?.calls.generated.length, 0, "all answers were there");
  t.deepEqual(await contentOf(continued), await contentOf(whole));
});

test("a model compared with itself is unshifted everywhere, with KL exactly 0", async (t) => {
  const outcome = await run(await workshop(t), {
    yaml: (text) =>
      text.replace("[zero-shot]", "[twin]").replace("shifts:", "  twin: { model: aligned, strategy: plain }\nshifts:"),
  });
  const { positions } = (await contentOf(outcome)) as { positions: [string, Record<string, Float64Array>][] };
  const columns = positions[0]?.[1];
  t.true(columns?.subjectRank?.every((rank) => rank === 1));
  t.true(columns?.klReferenceSubject?.every((kl) => kl === 0));
  t.true(columns?.klSubjectReference?.every((kl) => kl === 0));
});

test("another model file, decoding or numerics is another experiment", async (t) => {
  const shop = await workshop(t);
  await run(shop);
  const manifest = await readFile(join(shop.folder, "run/manifest.json"), "utf8");
  for (const set of ["decoding.maxTokens=13", "numerics=fast", "systems.zero-shot.model=aligned"]) {
    const error = await failure(t, run(shop, { set: [set] }));
    t.is(error.code, "RUN_OTHER_EXPERIMENT", set);
    t.is(error.exitCode, 2);
  }
  t.is(await readFile(join(shop.folder, "run/manifest.json"), "utf8"), manifest, "nothing was overwritten");
});

test("a folder takes more systems and fewer, and keeps what it has", async (t) => {
  const shop = await workshop(t);
  await run(shop);
  const more = (text: string) =>
    text
      .replace("shifts:", "  warm: { model: base, strategy: plain, decoding: { maxTokens: 5 } }\nshifts:")
      .replace("[zero-shot]", "[zero-shot, warm]");
  const grown = await run(shop, { yaml: more });
  t.is(grown.engine?.calls.generated.length, samples.length, "only the new system answers");
  t.is(grown.engine?.calls.compared.length, samples.length);
  t.is(grown.answers.length, 3 * samples.length);
  const fewer = await run(shop);
  t.deepEqual(fewer.engine?.calls.generated, []);
  t.is(fewer.answers.length, 2 * samples.length);
  const changed = await failure(t, run(shop, { yaml: more, set: ["systems.zero-shot.decoding.maxTokens=6"] }));
  t.is(changed.code, "RUN_OTHER_EXPERIMENT");
  t.regex(changed.message, /systems\.zero-shot\.decoding\.maxTokens: 12 there, 6 here/);
  t.notRegex(changed.message, /selection|warm/);
});

test("another engine build recomputes instead of reusing", async (t) => {
  const shop = await workshop(t);
  await run(shop);
  const again = await run(shop, { engine: { identity: "another build" } });
  t.is(again.engine?.calls.generated.length, 2 * samples.length);
  t.is(again.engine?.calls.compared.length, samples.length);
});

test("a sample that does not fit is skipped with its lengths, and the run goes on", async (t) => {
  const long = { id: "long", messages: [{ role: "user" as const, content: "x".repeat(400) }], reference: [], tags: {} };
  const outcome = await run(await workshop(t), {
    samples: [...samples, long],
    engine: { models: { aligned: { contextSize: 96 }, base: { contextSize: 96 } } },
  });
  const skipped = outcome.answers.filter(({ status }) => status === "skipped");
  t.is(skipped.length, 2);
  for (const record of skipped) {
    if (record.status === "answered") {
      throw new Error("unreachable");
    }
    t.is(record.reason.code, "CONTEXT_TOO_SMALL");
    t.true((record.promptTokens ?? 0) >= 96);
    t.is(record.contextSize, 96);
  }
  t.is(outcome.comparisons.find(({ sampleId }) => sampleId === "long")?.status, "skipped");
});

test("a subject's context that is too small skips the comparison only", async (t) => {
  const outcome = await run(await workshop(t), { engine: { models: { base: { contextSize: 20 } } } });
  const skipped = outcome.comparisons.filter(({ status }) => status === "skipped");
  t.true(skipped.length > 0);
  t.regex(
    skipped[0]?.reason?.message ?? "",
    /subject prompt \(\d+ tokens\) and the answer \(\d+\) need \d+ tokens; the context of "base" holds 20/,
  );
});

test("a character the vocabulary lacks fails its sample by name, and the run goes on", async (t) => {
  const notes: string[] = [];
  const outcome = await run(await workshop(t), { engine: { failEncode: "moon" }, onNote: (note) => notes.push(note) });
  const failed = outcome.answers.filter(({ status }) => status === "failed");
  t.deepEqual(
    failed.map(({ sampleId }) => sampleId),
    ["s2", "s2"],
  );
  t.true(notes.some((note) => note.includes('"s2"')));
  t.is(outcome.comparisons.filter(({ status }) => status === "failed").length, 1);
});

test("a strategy that throws on one sample fails that sample with its name", async (t) => {
  const strategy: Strategy = {
    build: (sample) => {
      if (sample.id === "s3") {
        throw new TypeError("no idea");
      }
      return { text: sample.id, parseSpecial: false, bos: "auto", staticChars: 0, stop: ["\n"], provenance: {} };
    },
  };
  const outcome = await run(await workshop(t), { strategy });
  const failed = outcome.answers.find(({ status }) => status === "failed");
  t.true(
    failed !== undefined &&
      failed.status !== "answered" &&
      failed.reason.message.includes('strategy "plain" of @unshift/workshop threw'),
  );
  t.is(outcome.answers.filter(({ status }) => status === "answered").length, 2 * (samples.length - 1));
});

test("a failed item is tried again by the next call, a skipped one is not", async (t) => {
  const shop = await workshop(t);
  await run(shop, { engine: { failEncode: "moon" } });
  const again = await run(shop);
  t.is(again.engine?.calls.generated.length, 2);
  t.true(again.answers.every(({ status }) => status === "answered"));
  t.true(again.comparisons.every(({ status }) => status === "scored"));
});

test("a judge that throws on one answer costs that verdict only", async (t) => {
  const outcome = await run(await workshop(t), {
    judge: {
      version: "1",
      aspects: [{ id: "e", title: "e", min: 0, max: 1, meaning: "e" }],
      judge: ({ sample }) => {
        if (sample.id === "s0") {
          throw new Error("odd answer");
        }
        return { status: "scored", scores: { e: 1 } };
      },
    },
  });
  t.is(outcome.verdicts.filter(({ judgement }) => judgement.status === "failed").length, 2);
  t.is(outcome.verdicts.filter(({ judgement }) => judgement.status === "scored").length, 2 * (samples.length - 1));
});

test("vocabularies: extended is noted, different is refused at its line", async (t) => {
  const shop = await workshop(t);
  const extended = await run(shop, { output: "extended", engine: { models: { aligned: { extraTokens: 3 } } } });
  t.is(extended.manifest.notes.length, 1);
  const error = await failure(
    t,
    run(shop, { output: "different", engine: { models: { base: { reversedVocabulary: true } } } }),
  );
  t.is(error.code, "VOCABULARY_MISMATCH");
  t.is(error.where?.line, 12);
  await t.throwsAsync(stat(join(shop.folder, "different")), undefined, "nothing was written");
});

test("a model that cannot be opened names its place in the experiment", async (t) => {
  const shop = await workshop(t);
  const error = await failure(t, run(shop, { engine: { models: { aligned: { openError: "MODEL_TRUNCATED" } } } }));
  t.is(error.code, "MODEL_TRUNCATED");
  t.is(error.exitCode, 3);
  t.is(error.where?.line, 4);
});

test("plan counts what is cached and writes nothing", async (t) => {
  const shop = await workshop(t);
  const plan = async () => {
    const { loaded, services } = await shop.open();
    return planExperiment(loaded, services);
  };
  const before = await plan();
  t.is(before.systems.aligned?.toDo, samples.length);
  await t.throwsAsync(stat(join(shop.folder, "run")));
  await run(shop);
  const after = await plan();
  t.is(after.systems.aligned?.toDo, 0);
  t.is(after.shifts[0]?.toDo, 0);
  t.is(after.systems.aligned?.promptTokens, before.systems.aligned?.promptTokens);
});

test("render gives the prompt a run decodes", async (t) => {
  const shop = await workshop(t);
  const { loaded, services } = await shop.open();
  const rendered = await renderPrompt(loaded, { system: "zero-shot", sample: "s2" }, services);
  const outcome = await run(shop);
  const answer = outcome.answers.find(({ system, sampleId }) => system === "zero-shot" && sampleId === "s2");
  t.deepEqual(rendered.tokenIds, answer?.status === "answered" ? answer.prompt.ids : []);
  const unknown = await failure(
    t,
    shop.open().then(({ loaded, services }) => renderPrompt(loaded, { system: "zeroshot" }, services)),
  );
  t.is(unknown.code, "USAGE");
  t.regex(unknown.hint ?? "", /zero-shot/);
});

test("tables computed again from the folder are the same", async (t) => {
  const shop = await workshop(t);
  const outcome = await run(shop);
  const { services } = await shop.open();
  t.deepEqual(await analyseAgain(outcome.folder, services), outcome.tables);
});

test("an empty dataset and unknown ids are refused before a model is opened", async (t) => {
  const shop = await workshop(t);
  t.is((await failure(t, run(shop, { samples: [] }))).code, "DATASET_EMPTY");
  const unknown = await failure(
    t,
    run(shop, { yaml: (text) => text.replace("dataset: memory", "dataset: { use: memory, ids: [s9] }") }),
  );
  t.is(unknown.code, "CONFIG_UNKNOWN_REFERENCE");
  t.is(unknown.where?.line, 5);
});

test("a run folder that cannot be written is refused before a model is opened", async (t) => {
  const shop = await workshop(t);
  const { loaded, services, engines } = await shop.open({ output: "experiment.yaml/run" });
  const error = await failure(t, runExperiment(loaded, services));
  t.is(error.code, "RUN_NOT_WRITABLE");
  t.deepEqual(engines[0]?.calls.opened, []);
});
