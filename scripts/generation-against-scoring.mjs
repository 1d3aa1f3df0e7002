// `node scripts/generation-against-scoring.mjs <run> <system>`: how far the log-probabilities of generation (one step a token,
// several answers in a batch) and of scoring (chunks of one answer) lie apart, on the answers of a finished run's system. Both
// are exact passes of the same model; they differ in the last bits where ggml takes another kernel for another batch shape.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel } from "@unshift/native";

const [folder, system] = process.argv.slice(2);
if (folder === undefined || system === undefined) {
  console.error("usage: generation-against-scoring.mjs <run> <system>");
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
const { model: id, decoding } = manifest.experiment.systems.find((candidate) => candidate.id === system);
const answers = readFileSync(join(folder, "answers.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line))
  .filter((record) => record.system === system && record.status === "answered" && record.ids.length > 0);

const model = await loadModel(manifest.models[id].path);
const options = { contextSize: manifest.models[id].contextSize, numerics: "strict" };
const generating = model.createContext({ ...options, sequences: 4 });
const scoring = model.createContext(options);
const generations = await generating.generate(
  answers.map(({ prompt, rawIds }) => ({
    prompt: Int32Array.from(prompt.ids),
    prefixLength: prompt.prefixLength,
    maxTokens: rawIds.length,
    repetitionPenalty: decoding.repetitionPenalty,
    capture: { topK: 2 },
  })),
);

let [positions, largest, ranks, same, gap] = [0, 0, 0, 0, Number.POSITIVE_INFINITY];
for (const [index, { prompt, rawIds }] of answers.entries()) {
  const { ids, captured } = generations[index];
  same += ids.length === rawIds.length && ids.every((token, at) => token === rawIds[at]) ? 1 : 0;
  const columns = await scoring.score({
    tokens: Int32Array.from([...prompt.ids, ...ids]),
    from: prompt.ids.length,
    prefixLength: prompt.prefixLength,
    topK: 2,
  });
  for (let at = 0; at < ids.length; at += 1) {
    positions += 1;
    largest = Math.max(largest, Math.abs(captured.logprob[at] - columns.logprob[at]));
    ranks += captured.rank[at] === columns.rank[at] ? 0 : 1;
    gap = Math.min(gap, columns.topLogprobs[2 * at] - columns.topLogprobs[2 * at + 1]);
  }
}
console.log(`${answers.length} answers, ${positions} positions; ${same} answers come out the same`);
console.log(`largest difference of a log-probability ${largest.toExponential(1)} nats; ranks that differ ${ranks}`);
console.log(`smallest gap between the two likeliest tokens ${gap.toExponential(1)} nats`);
