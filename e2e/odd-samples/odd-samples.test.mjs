import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { experiment, unshift, workFolder } from "../unshift.mjs";

const lines = (rows) => `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
const records = async (folder, name) =>
  (await readFile(join(folder, "run", name), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("empty, hostile, foreign and over-long samples are recorded as what they are, and the run goes on", async (t) => {
  const samples = [
    { id: "plain", instruction: "What is the capital of France?", reference: "Paris", tags: { kind: "fact" } },
    { id: "empty", instruction: "" },
    { id: "spells-special", instruction: "Repeat <|end|> and <s> and </s> please" },
    { id: "script", instruction: "</script><img src=x onerror=alert(1)> {{7*7}} ${x}" },
    { id: "emoji", instruction: "🙂 日本語 עברית \u202Eabc\u0000def" },
    { id: "fence", instruction: "```js\nlet jQuery;\n```\n# Query:\nwhat?" },
    {
      id: "chat",
      messages: [
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Hi." },
        { role: "user", content: "What is the capital of Japan?" },
      ],
    },
    { id: "long", instruction: "word ".repeat(5000) },
  ];
  const folder = await workFolder(t, {
    "x.yaml": experiment({ dataset: "{ use: files, path: ./d.jsonl }" }),
    "d.jsonl": lines(samples),
  });
  const { code, json, stderr } = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(code, 0, stderr);
  t.is(json.systems.aligned.answers, samples.length - 1);
  t.is(json.systems.aligned.skipped, 1);
  const answers = await records(folder, "answers.jsonl");
  const long = answers.find(({ system, sampleId }) => system === "aligned" && sampleId === "long");
  t.is(long.status, "skipped");
  t.true(long.promptTokens > long.contextSize);
  const comparisons = await records(folder, "comparisons.jsonl");
  t.is(comparisons.filter(({ status }) => status === "skipped").length, 2, "one for each subject");
  for (const answer of answers.filter(({ status }) => status === "answered")) {
    t.deepEqual(answer.rawIds.slice(0, answer.ids.length), answer.ids);
  }
  const chat = answers.find(({ system, sampleId }) => system === "aligned" && sampleId === "chat");
  t.regex(chat.prompt.text, /Hello[\s\S]*Hi\.[\s\S]*Japan/);
  for (const { prompt } of answers.filter(({ status }) => status === "answered")) {
    t.not(prompt.ids[0], prompt.ids[1], "never a double BOS");
  }
});

test("answers of one token", async (t) => {
  const folder = await workFolder(t, {
    "x.yaml": experiment({ dataset: "{ use: builtin, limit: 3, seed: 3 }" }).replace("maxTokens: 96", "maxTokens: 1"),
  });
  const { code, json, stderr } = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(code, 0, stderr);
  t.true(json.shifts.every(({ positions }) => positions === 3));
  t.is((await unshift(["report", "run", "--json"], { cwd: folder })).code, 0);
});

test("empty answers are answers: counted, without positions, in every table and in the report", async (t) => {
  // Every printable character is a stop text, so each answer ends before its first token.
  const mute = `const stop = [...Array(95)].map((_, i) => String.fromCharCode(32 + i)).concat("\\n");
export default { name: "acme-mute", contract: "^1", strategies: { "acme/mute": { summary: "says nothing", create: () => ({
  build: (sample) => ({ text: sample.messages.at(-1).content, parseSpecial: false, bos: "auto", staticChars: 0, stop, provenance: {} }) }) } } };`;
  const text = experiment({ dataset: "{ use: builtin, limit: 3, seed: 3 }", shifts: "[zero-shot]" });
  const folder = await workFolder(t, {
    "mute.mjs": mute,
    "x.yaml": `plugins: [./mute.mjs]\n${text.replace("strategy: chat", "strategy: acme/mute")}`,
  });
  const { code, json, stderr } = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(code, 0, stderr);
  t.is(json.systems.aligned.answers, 3);
  t.is(json.systems.aligned.words, 0);
  // An answer may still be one ending token, which the paper scores; those without any id have no position.
  const answers = (await records(folder, "answers.jsonl")).filter(({ system }) => system === "aligned");
  const silent = answers.filter(({ ids }) => ids.length === 0);
  t.true(silent.length > 0 && answers.every(({ text: said }) => said === ""));
  t.is(json.shifts[0].samples, 3);
  t.is(json.shifts[0].positions, answers.length - silent.length);
  const { json: tables } = await unshift(["analyse", "run", "--json"], { cwd: folder });
  const summary = tables.find(({ name }) => name === "shift_summary");
  t.is(summary.rows[0][summary.columns.findIndex(({ name }) => name === "empty")], silent.length);
  t.true((await readFile(json.report, "utf8")).length > 1000);
});

test("a model compared with itself under one strategy: KL 0, rank 1, all unshifted, bit-exactly", async (t) => {
  const text = experiment({ systems: "  twin: { model: aligned, strategy: chat }\n", shifts: "[twin]" });
  const folder = await workFolder(t, { "x.yaml": text });
  const { code, json, stderr } = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(code, 0, stderr);
  const [shift] = json.shifts;
  t.is(shift.unshifted, 1);
  t.is(shift.meanKlNats, 0);
  t.is(shift.meanKlReverseNats, 0);
  t.is(shift.meanSubjectRank, 1);
});

test("runs in another dataset order and in shards give equal rows", async (t) => {
  const rows = [
    "What is the capital of Italy?",
    "Name a metal.",
    "How many legs has a spider?",
    "What is ice made of?",
  ].map((instruction, index) => ({ id: `q${index}`, instruction }));
  const file = (name) => experiment({ dataset: `{ use: files, path: ./${name} }` });
  const folder = await workFolder(t, {
    "a.yaml": file("a.jsonl"),
    "b.yaml": file("b.jsonl").replace("name: e2e", "name: e2e\nparallel: 1"),
    "a.jsonl": lines(rows),
    "b.jsonl": lines(rows.toReversed()),
  });
  for (const name of ["a", "b"]) {
    const run = await unshift(["run", `${name}.yaml`, "--output", name, "--json"], { cwd: folder });
    t.is(run.code, 0, run.stderr);
    await unshift(["export", name, "--format", "jsonl", "--out", join(folder, `${name}.rows`)], { cwd: folder });
  }
  const read = (name) => readFile(join(folder, name), "utf8");
  t.is(await read("b.rows"), await read("a.rows"), "order and the number of parallel answers change nothing");
});
