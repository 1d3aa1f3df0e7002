/**
 * Compares samples in a process of its own and prints its peak of resident memory after 10 and after all of them, as JSON. Arguments:
 * the two models, samples, threads, GPU layers.
 */
import process from "node:process";
import { createLlamaEngine } from "@unshift/engine-llama";
import { modelRequest } from "../model-request.js";

const [model = "", twin = "", samples = "0", threads = "1", gpuLayers = "0"] = process.argv.slice(2);
const { signal } = new AbortController();
const request = { models: { model, twin }, threads: Number(threads), gpuLayers: Number(gpuLayers) };
const engine = await createLlamaEngine();
const reference = await engine.open(modelRequest(request, "model"), { signal });
const subject = await engine.open(modelRequest(request, "twin"), { signal });
const peak = () => process.resourceUsage().maxRSS * 1024;

let after10 = 0;
let kl = 0;
for (let sample = 0; sample < Number(samples); sample++) {
  // The first sample fills every buffer: a long prompt and more positions than one block of rows holds. The others only count.
  const [prompt, answer] = sample === 0 ? [600, 300] : [2, 2];
  const ids = (length: number) => Int32Array.from({ length }, (_, i) => 1000 + ((sample * 131 + i * 31) % 50_000));
  const item = {
    referencePrompt: { ids: ids(prompt), prefixLength: 0 },
    subjectPrompt: { ids: ids(prompt), prefixLength: 0 },
    answerIds: ids(answer),
    topK: 10,
  };
  for (const value of (await engine.compare(reference, subject, item, { signal })).klReferenceSubject) kl += value;
  if (sample === 9) after10 = peak();
}
process.stdout.write(`${JSON.stringify({ after10, afterAll: peak(), kl })}\n`);
await engine.dispose();
