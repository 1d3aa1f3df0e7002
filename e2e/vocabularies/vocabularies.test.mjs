import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { tinyTokens, writeTinyModel } from "../../native/test/support/tiny-gguf.mjs";
import { unshift, workFolder } from "../unshift.mjs";

const text = `name: vocabularies
models:
  base: { path: ./base.gguf }
  aligned: { path: ./aligned.gguf }
dataset: { use: files, path: ./d.jsonl }
decoding: { maxTokens: 8 }
systems:
  aligned: { model: aligned, strategy: zero-shot }
  zero-shot: { model: base, strategy: zero-shot }
shifts:
  - { answers: aligned, subjects: [zero-shot] }
output: ./run
report: { formats: [] }
`;
const question = `${JSON.stringify({ id: "q", instruction: "hello" })}\n`;

async function runPair(t, baseTokens, alignedTokens, samples = question) {
  const folder = await workFolder(t, { "x.yaml": text, "d.jsonl": samples });
  writeTinyModel(join(folder, "base.gguf"), { seed: 1, context: 256, tokens: baseTokens });
  writeTinyModel(join(folder, "aligned.gguf"), { seed: 2, context: 256, tokens: alignedTokens });
  return { folder, ...(await unshift(["run", "x.yaml", "--json"], { cwd: folder })) };
}

/** The same tokens, two of the words exchanged. */
function exchanged() {
  const tokens = tinyTokens();
  const [a, b] = [tokens.length - 1, tokens.length - 2];
  [tokens[a], tokens[b]] = [tokens[b], tokens[a]];
  return tokens;
}

test("equal sizes with other tokens: refused at the shift, with both hashes and the first difference", async (t) => {
  const { code, json } = await runPair(t, tinyTokens(), exchanged());
  t.is(code, 2, JSON.stringify(json));
  t.is(json.error.code, "VOCABULARY_MISMATCH");
  t.is(json.error.where.line, 11);
  t.is(json.error.message.match(/[0-9a-f]{64}/g)?.length, 2);
  t.regex(json.error.message, new RegExp(`first difference is id ${tinyTokens().length - 2}`));
});

test("another size with other tokens: refused", async (t) => {
  const tokens = tinyTokens({ byteTokens: false });
  const { code, json } = await runPair(t, tinyTokens(), tokens);
  t.is(code, 2);
  t.is(json.error.code, "VOCABULARY_MISMATCH");
  t.regex(json.error.message, new RegExp(`${tokens.length} tokens .*against ${tinyTokens().length}`));
});

test("extra tokens: compared on the common ids, with a visible note and the dropped mass", async (t) => {
  const { code, json, stderr, folder } = await runPair(t, tinyTokens(), tinyTokens({ extra: 3 }));
  t.is(code, 0, JSON.stringify(json?.error) + stderr);
  t.regex(json.notes.join("\n"), /"aligned" has 3 more tokens .*common ids/);
  const { json: tables } = await unshift(["analyse", "run", "--json"], { cwd: folder });
  const { columns, rows } = tables.find(({ name }) => name === "shift_summary");
  const dropped = rows[0][columns.findIndex(({ name }) => name === "mean_reference_dropped_mass")];
  if (json.shifts[0].positions > 0) {
    t.true(dropped > 0 && dropped < 1, String(dropped));
  }
});

const plain = `export default { name: "acme-plain", contract: "^1", strategies: { "acme/plain": { summary: "the question alone",
  create: () => ({ build: (sample) => ({ text: sample.messages.at(-1).content, parseSpecial: false, bos: "auto", staticChars: 0, stop: [], provenance: {} }) }) } } };`;

test("a vocabulary without byte tokens and a character it lacks: the sample fails by name, the others go on", async (t) => {
  const tokens = tinyTokens({ byteTokens: false, unknown: false });
  const samples = `${question}${JSON.stringify({ id: "kanji", instruction: "漢" })}\n`;
  const folder = await workFolder(t, {
    "plain.mjs": plain,
    "x.yaml": `plugins: [./plain.mjs]\n${text.replaceAll("zero-shot }", "acme/plain }")}`,
    "d.jsonl": samples,
  });
  for (const [name, seed] of Object.entries({ base: 1, aligned: 2 })) {
    writeTinyModel(join(folder, `${name}.gguf`), { seed, context: 256, tokens });
  }
  const { code, json, stderr } = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(code, 0, JSON.stringify(json?.error) + stderr);
  t.is(json.systems.aligned.failed, 1);
  t.is(json.systems.aligned.answers, 1);
  t.is(json.shifts[0].failed, 1);
  const answers = (await readFile(join(folder, "run/answers.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const failed = answers.find(({ status, system }) => status === "failed" && system === "aligned");
  t.is(failed.sampleId, "kanji");
  t.is(failed.reason.code, "TOKENIZE_UNKNOWN_CHARACTER");
  t.regex(failed.reason.message, /sample "kanji": .*no token for "漢"/);

  const asked = await unshift(["run", "x.yaml", "--json", "--fail-on", "1"], { cwd: folder });
  t.is(asked.code, 1);
  t.is(asked.json.error.code, "SAMPLES_FAILED");
  t.is(asked.json.systems.aligned.answers, 1, "the figures are printed all the same");
  t.is((await unshift(["run", "x.yaml", "--json", "--fail-on", "none"], { cwd: folder })).code, 2);
});

test("a template no sample can be spelled in stops the run, once", async (t) => {
  const tokens = tinyTokens({ byteTokens: false, unknown: false });
  const { code, json } = await runPair(
    t,
    tokens,
    tokens,
    `${question}${JSON.stringify({ id: "r", instruction: "on" })}\n`,
  );
  t.is(code, 2);
  t.is(json.error.code, "TOKENIZE_UNKNOWN_CHARACTER");
  t.regex(json.error.message, /all 2 samples fail alike/);
});
