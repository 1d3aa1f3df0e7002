import test from "ava";
import { whyNothing } from "../src/app/text/left-out.js";
import { datasetLine, machineLine, modelLine, shortFacts } from "../src/app/text/run-facts-text.js";

const hash = "4d617320d0dad2ac122719602c1f3ccffbbb6af97d6bb2863c16177cfa61c0f6";

test("a model is named by family, size and format, without what its file does not know", (t) => {
  const tiny = {
    source: "builtin:tiny-base",
    path: "/models/tiny-base.gguf",
    architecture: "llama",
    description: "llama ?B F16",
    parameters: 1_598_880,
    vocabularySize: 2048,
    contextSize: 1024,
    fileHash: hash,
  };
  t.is(
    modelLine(tiny),
    "builtin:tiny-base · llama · 1.6 M parameters · F16 · vocabulary of 2,048 · context of 1,024 tokens · sha256 4d617320d0da",
  );
  t.is(
    modelLine({ architecture: "llama", description: "llama 7B Q4_K - Medium", parameters: 6_738_415_616 }),
    "llama · 6.7 B parameters · Q4_K - Medium",
  );
  t.is(modelLine({ description: "qwen2 0.5B Q8_0", fileHash: `sha256:${hash}` }), "qwen2 Q8_0 · sha256 4d617320d0da");
});

test("a machine is told in a reader's words, and what is new is told too", (t) => {
  const machine = { platform: "linux", arch: "x64", release: "6.18.44", node: "20.20.2", logicalCores: 2 };
  t.is(
    machineLine({ ...machine, cpu: "Xeon", memoryBytes: 25_276_514_304 }),
    "Linux x64 · Xeon · 2 cores · 24 GB · Node 20.20.2",
  );
  t.is(machineLine({ platform: "darwin", arch: "arm64", gpu: "M3" }), "macOS arm64 · gpu M3");
});

test("provenance is short facts, whatever its shape", (t) => {
  t.is(
    datasetLine({ use: "builtin", samples: 87, available: 87, provenance: { sha256: hash, count: 87 } }),
    "builtin · sha256 4d617320d0da · count 87",
  );
  t.is(datasetLine({ use: "builtin", samples: 8, available: 87 }), "builtin · of 87 available");
  const file = { name: "a.jsonl", format: "jsonl", sha256: hash };
  t.is(datasetLine({ use: "files", provenance: { files: [file] } }), "files · a.jsonl jsonl sha256 4d617320d0da");
  t.is(shortFacts({ files: [file, file, file, file] }), "4 files");
  t.is(
    shortFacts({ maxTokens: 160, temperature: 0, stop: null, deep: { on: true } }),
    "max tokens 160 · temperature 0 · on yes",
  );
  t.false(/[{}"[\]]/.test(shortFacts({ a: [[1], {}], b: { c: { d: [] } }, e: ["x", 1] })));
});

test("a comparison without positions says why", (t) => {
  const shift = {
    id: "a→b",
    answers: "a",
    subject: "b",
    scored: 0,
    skipped: 0,
    failed: 0,
    firstSkip: null,
    firstFailure: null,
    withoutReference: false,
  };
  t.is(whyNothing(shift), "No answer was compared.");
  t.is(
    whyNothing({ ...shift, failed: 8, firstFailure: "The worker stopped.", skipped: 2, firstSkip: "Too long." }),
    "No answer could be compared: 8 failed (the first: The worker stopped), 2 skipped (the first: Too long).",
  );
  t.is(
    whyNothing({ ...shift, skipped: 1, firstSkip: "Too long." }),
    "No answer could be compared: 1 skipped (Too long).",
  );
  t.is(whyNothing({ ...shift, scored: 3 }), "No position was compared: 3 answers had no token.");
  t.true(whyNothing({ ...shift, failed: 1, firstFailure: "x".repeat(5000) }).length < 300);
});
