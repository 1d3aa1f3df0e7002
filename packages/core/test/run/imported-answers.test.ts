import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isUnshiftError } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { runExperiment } from "../../src/run/run-experiment.js";
import { contentOf } from "./folder-content.js";
import { samples, type WorkshopOptions, workshop } from "./workshop.js";

const recorded = (text: string) =>
  text
    .replace("shifts:", "  gpt-4: { answers: ./gpt-4.jsonl }\nshifts:")
    .replace("  - { answers: aligned, subjects: [zero-shot] }", "  - { answers: gpt-4, subjects: [zero-shot] }");

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const answers = samples.map(({ id }, index) => ({ id, text: `an answer ${index}`, generator: "gpt-4-0314" }));

async function opened(t: ExecutionContext, file: string, options: WorkshopOptions = {}) {
  const shop = await workshop(t);
  await writeFile(join(shop.folder, "gpt-4.jsonl"), file);
  return {
    shop,
    run: async (more: WorkshopOptions = {}) => {
      const { loaded, services, engines } = await shop.open({ yaml: recorded, ...options, ...more });
      return { ...(await runExperiment(loaded, services)), engine: engines[0] };
    },
  };
}

test("answers without a model are tokenised once and scored under the subject alone", async (t) => {
  const { run } = await opened(t, lines(answers));
  const outcome = await run();
  const own = outcome.answers.filter(({ system }) => system === "gpt-4");
  t.is(own.length, samples.length);
  for (const record of own) {
    t.true(record.status === "answered" && record.finishReason === "unknown" && record.ids.length > 0);
    t.true(record.status === "answered" && record.imported?.generator === "gpt-4-0314");
  }
  t.true(outcome.comparisons.every(({ status }) => status === "scored"));
  t.true(outcome.manifest.notes.some((note) => note.includes("gpt-4-0314") && note.includes("tokenised anew")));
  const { positions } = (await contentOf(outcome)) as {
    positions: [string, { withoutReference?: true; subjectRank: Int32Array; klReferenceSubject: Float64Array }][];
  };
  const columns = positions[0]?.[1];
  t.true(columns?.withoutReference);
  t.true(columns?.subjectRank.every((rank) => rank >= 1));
  t.true(
    columns?.klReferenceSubject.every((kl) => Number.isNaN(kl)),
    "no divergence is made up",
  );
  t.is(outcome.verdicts.filter(({ system }) => system === "gpt-4").length, samples.length, "judges see them too");

  const again = await run();
  t.deepEqual(again.engine?.calls.compared, []);
  t.deepEqual(await contentOf(again), await contentOf(outcome));
});

test("answers of a model that is here are compared under both", async (t) => {
  const both = (text: string) =>
    text.replace("aligned, strategy: plain }", "aligned, strategy: plain, answers: ./gpt-4.jsonl }");
  const { run } = await opened(t, lines(answers), { yaml: both });
  const outcome = await run();
  t.false(
    outcome.engine?.calls.generated.some((call) => JSON.stringify(call).includes("aligned")),
    "nothing is generated for it",
  );
  const { positions } = (await contentOf(outcome)) as { positions: [string, { klReferenceSubject: Float64Array }][] };
  t.true(positions[0]?.[1].klReferenceSubject.every((kl) => kl >= 0));
});

test("rows without an id are matched by their instruction", async (t) => {
  const rows = samples.map(({ messages }, index) => ({ instruction: messages[0]?.content, text: `answer ${index}` }));
  const { run } = await opened(t, `\uFEFF${lines(rows).replaceAll("\n", "\r\n")}`);
  const outcome = await run();
  const texts = outcome.answers
    .filter(({ system }) => system === "gpt-4")
    .map((record) => record.status === "answered" && record.text);
  t.deepEqual(texts, ["answer 0", "answer 1", "answer 2", "answer 3", "answer 4"]);
});

test("samples without an answer are skipped and counted, rows of no sample are told", async (t) => {
  const { run } = await opened(t, lines([...answers.slice(0, 2), { id: "other", text: "x" }]));
  const outcome = await run();
  const skipped = outcome.answers.filter(({ system, status }) => system === "gpt-4" && status === "skipped");
  t.is(skipped.length, 3);
  t.true(outcome.manifest.notes.some((note) => note.includes("3 of 5 samples have none") && note.includes("1 belong")));
});

for (const [name, file, message] of [
  ["a torn line", '{"id": "s0", "text": "a"}\n{"id": "s1", "te', /not JSON/],
  ["a row without text", lines([{ id: "s0", output: "a" }]), /"text" must be a string, found the fields id, output/],
  ["a second answer", lines([answers[0] ?? {}, answers[0] ?? {}]), /a second answer to sample "s0"/],
  ["answers to another dataset", lines([{ id: "x", text: "a" }]), /holds no answer to any of the 5 samples/],
] as const) {
  test(`${name} is refused before anything is opened`, async (t) => {
    const { run } = await opened(t, file);
    const error = await t.throwsAsync(run());
    t.true(isUnshiftError(error) && error.code === "ANSWERS_FILE", String(error));
    t.regex(error?.message ?? "", message);
  });
}
