import { existsSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { root, unshift, workFolder } from "../unshift.mjs";

/** MT-bench's own file stands beside the repository on machines of the project; without it, questions of the same form. */
const official = join(root, "../shared/data/mt-bench/question.jsonl");
const own = Array.from({ length: 5 }, (_, n) => ({
  question_id: 81 + n,
  category: "fact",
  turns: [`What is the capital of country ${n}?`, "And what money do people use there?"],
}));

test("MT-bench is asked in two turns, the second behind the system's own first answer", async (t) => {
  t.timeout(240_000);
  const folder = await workFolder(t, {
    "x.yaml": `name: mt-bench
models: { base: "builtin:tiny-base" }
dataset: { use: mt-bench, path: ./question.jsonl }
decoding: { maxTokens: 8 }
systems:
  urial: { model: base, strategy: { use: urial, prompt: "builtin:k0" } }
output: ./run
`,
    "question.jsonl": own.map((row) => JSON.stringify(row)).join("\n"),
  });
  const isOfficial = existsSync(official);
  if (isOfficial) await copyFile(official, join(folder, "question.jsonl"));
  const questions = isOfficial ? 80 : own.length;
  const { code, json, stderr } = await unshift(["run", "x.yaml", "--json"], { cwd: folder });
  t.is(code, 0, stderr);
  const { answers, failed, skipped } = json.systems.urial;
  t.deepEqual({ answers, failed, skipped }, { answers: 2 * questions, failed: 0, skipped: 0 });
  const records = (await readFile(join(folder, "run", "answers.jsonl"), "utf8")).trim().split("\n").map(JSON.parse);
  const bySample = new Map(records.map((record) => [record.sampleId, record]));
  const second = records.filter(({ sampleId }) => sampleId.endsWith("-2"));
  t.is(second.length, questions);
  for (const { sampleId, prompt } of second) {
    const first = bySample.get(sampleId.slice(0, -2));
    const opened = `${first.prompt.text}${first.text}\n\`\`\`\n\n# Query:\n\`\`\`\n`;
    t.true(prompt.text.startsWith(opened), `${sampleId} goes on with the answer to its first turn`);
  }
});
