import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import test from "ava";
import { divergence, percent } from "../src/app/text/format.js";
import { createHtmlReporter } from "../src/index.js";
import { readBlock } from "../src/payload/block-reader.js";
import { elementIds, type PrefixHeader, type SampleBlockHeader, type SummaryHeader } from "../src/payload/format.js";
import { analysed } from "./synthetic/analysed.js";
import { hostileQuestions } from "./synthetic/hostile.js";
import { syntheticRun } from "./synthetic/run.js";

/** The analysis resamples thousands of times: once is enough for all tests. */
const example = analysed(syntheticRun());

async function rendered(input: Parameters<ReturnType<typeof createHtmlReporter>["render"]>[0]): Promise<string> {
  const [file] = await createHtmlReporter().render(input);
  return Buffer.from(file?.content ?? "").toString("utf8");
}

function blockOf<Header>(html: string, id: string) {
  const packed =
    new RegExp(`<script id="${id}" type="application/octet-stream;base64">([^<]*)</script>`).exec(html)?.[1] ?? "";
  return readBlock<Header>(gunzipSync(Buffer.from(packed, "base64")));
}

test("one file, and the same input gives the same bytes", async (t) => {
  const files = await createHtmlReporter().render(await example);
  t.deepEqual(
    files.map(({ name }) => name),
    ["report.html"],
  );
  const again = await createHtmlReporter().render(await analysed(syntheticRun()));
  t.deepEqual(again[0]?.content, files[0]?.content);
});

test("positions come back as they were stored: ids and ranks exactly, figures as they are written", async (t) => {
  const run = syntheticRun();
  const html = await rendered(await example);
  const { header: summary } = blockOf<SummaryHeader>(html, elementIds.summary);
  t.is(summary.samples.length, 40);
  let compared = 0;
  for (const head of summary.samples) {
    const block = blockOf<SampleBlockHeader>(html, elementIds.block(head.block));
    const detail = block.header.samples[head.index];
    for (const [index, shift] of summary.shifts.entries()) {
      const comparison = detail?.comparisons[index];
      const source = run.stored.get(shift.id)?.get(head.id);
      if (comparison?.status !== "scored" || source === undefined) {
        t.is(comparison?.status, "skipped");
        continue;
      }
      compared += 1;
      const { klReferenceSubject, referenceTopProbabilities } = comparison;
      if (klReferenceSubject === null || referenceTopProbabilities === null) return t.fail("no reference");
      const entries = (ref: typeof comparison.token) =>
        Array.from(block.column(ref), (entry) => block.header.tokens[entry]);
      const { length, topK } = comparison;
      const inOrder = <Value>(values: readonly Value[]) =>
        values.map((_, i) => values[(i % topK) * length + Math.floor(i / topK)]);
      t.deepEqual(
        entries(comparison.token).map((entry) => entry?.[1]),
        source.tokens,
      );
      t.deepEqual(
        inOrder(entries(comparison.subjectTop)).map((entry) => entry?.[0]),
        [...source.columns.subjectTopIds],
      );
      t.deepEqual(Array.from(block.column(comparison.subjectRank)), [...source.columns.subjectRank]);
      t.deepEqual(
        Array.from(block.column(klReferenceSubject), divergence),
        Array.from(source.columns.klReferenceSubject, divergence),
      );
      t.deepEqual(
        inOrder(Array.from(block.column(referenceTopProbabilities), percent)),
        Array.from(source.columns.referenceTopLogprobs, (logprob) => percent(Math.exp(logprob))),
      );
    }
  }
  t.is(compared, 78);
});

test("prompts come back id by id, and the static prefix is stored once", async (t) => {
  const run = syntheticRun();
  const html = await rendered(await example);
  const prefixes = blockOf<PrefixHeader>(html, elementIds.prefixes);
  t.is(prefixes.header.prefixes.length, 1);
  const { header: summary } = blockOf<SummaryHeader>(html, elementIds.summary);
  const head = summary.samples[5];
  const block = blockOf<SampleBlockHeader>(html, elementIds.block(head?.block ?? 0));
  const answer = block.header.samples[head?.index ?? 0]?.answers.find(({ system }) => system === "urial");
  const source = run.answers.find(({ system, sampleId }) => system === "urial" && sampleId === head?.id);
  if (answer?.status !== "answered" || source?.status !== "answered") return t.fail("no answer");
  if (answer.prompt === null) return t.fail("no prompt");
  const prefix = prefixes.header.prefixes[answer.prompt.prefix ?? -1];
  if (prefix === undefined) return t.fail("no prefix");
  const ids = [
    ...Array.from(prefixes.column(prefix), (entry) => prefixes.header.tokens[entry]?.[0]),
    ...Array.from(block.column(answer.prompt.tail), (entry) => block.header.tokens[entry]?.[0]),
  ];
  t.deepEqual(ids, [...source.prompt.ids]);
});

test("the samples' figures are those of the table", async (t) => {
  const input = await example;
  const table = input.tables.find(({ name }) => name === "samples");
  const at = (name: string): number => table?.columns.findIndex((column) => column.name === name) ?? -1;
  const { header } = blockOf<SummaryHeader>(await rendered(input), elementIds.summary);
  let rows = 0;
  for (const row of table?.rows ?? []) {
    const shift = header.shifts.findIndex(({ id }) => id === row[at("shift")]);
    const strip = header.samples.find(({ id }) => id === row[at("sample")])?.strips[shift];
    if (row[at("status")] !== "scored") {
      t.is(strip, null);
      continue;
    }
    rows += 1;
    t.deepEqual(
      [strip?.unshifted, strip?.marginal, strip?.shifted],
      [row[at("unshifted")], row[at("marginal")], row[at("shifted")]],
    );
    t.is(strip?.meanKl, Number(Number(row[at("mean_kl")]).toPrecision(6)));
  }
  t.is(rows, 78);
});

test("only our script and style may run, and nothing a model wrote is markup", async (t) => {
  const html = await rendered(syntheticRun(hostileQuestions()));
  const source = (element: string): string => new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(html)?.[1] ?? "";
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
  for (const element of ["script", "style"]) {
    t.true(policy.includes(`${element}-src 'sha256-${createHash("sha256").update(source(element)).digest("base64")}'`));
  }
  t.true(policy.startsWith("default-src 'none'"));
  t.is(html.match(/<\/script>/g)?.length, html.match(/<script[ >]/g)?.length);
  t.false(html.includes("pwned"));
  t.false(/https?:\/\/(?!www\.w3\.org)/.test(html.replace(source("script"), "")));
});

test("a title made of markup is text", async (t) => {
  const input = await example;
  const html = await rendered({
    ...input,
    manifest: { ...input.manifest, name: '</title><script>1</script>"&\u0000' },
  });
  t.true(html.includes("<title>&lt;/title&gt;&lt;script&gt;1&lt;/script&gt;&quot;&amp;\uFFFD · Unshift</title>"));
});
