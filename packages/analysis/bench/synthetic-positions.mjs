// Times the tables over synthetic positions: node --expose-gc bench/synthetic-positions.mjs [positions] [samples]
import { createShiftAnalysis, seededRandom } from "../dist/src/index.js";

const rows = Number(process.argv[2] ?? 1_000_000);
const samples = Number(process.argv[3] ?? 2_000);
const random = seededRandom(1, "bench");
const uniform = () => random.next() / 4294967296;

// Lengths from half to three halves of the mean, so that curves thin out.
const mean = rows / samples;
const lengths = Array.from({ length: samples }, () => Math.max(1, Math.round(mean * (0.5 + uniform()))));
const n = lengths.reduce((sum, length) => sum + length, 0);
const float = () => new Float64Array(n);
const int = () => new Int32Array(n);
const columns = {
  shift: "aligned→zero-shot",
  sampleIds: Array.from({ length: samples }, (_, i) => `s${String(i).padStart(7, "0")}`),
  sample: int(),
  position: int(),
  length: int(),
  tokenId: int(),
  tokenText: new Map(Array.from({ length: 32_000 }, (_, id) => [id, id % 7 === 0 ? "," : ` word${id}`])),
  referenceLogprob: float(),
  subjectLogprob: float(),
  referenceRank: int().fill(1),
  subjectRank: int(),
  klReferenceSubject: float(),
  klSubjectReference: float(),
  js: float(),
  tv: float(),
  referenceEntropy: float(),
  subjectEntropy: float(),
  referenceDroppedMass: null,
  subjectDroppedMass: null,
};
let row = 0;
for (const [sample, length] of lengths.entries()) {
  for (let position = 0; position < length; position++, row++) {
    const u = uniform();
    const rank = u < 0.78 ? 1 : u < 0.92 ? 2 + random.below(2) : 4 + Math.floor(1 / (uniform() + 1e-4));
    columns.sample[row] = sample;
    columns.position[row] = position;
    columns.length[row] = length;
    columns.tokenId[row] = Math.floor(32_000 * uniform() ** 3);
    columns.subjectRank[row] = rank;
    columns.referenceLogprob[row] = -uniform();
    columns.subjectLogprob[row] = -Math.log(rank) - uniform();
    columns.klReferenceSubject[row] = uniform() + 3 / (1 + position);
    columns.klSubjectReference[row] = uniform();
    columns.js[row] = uniform() / 2;
    columns.tv[row] = uniform();
    columns.referenceEntropy[row] = uniform();
    columns.subjectEntropy[row] = 2 * uniform();
  }
}
const input = {
  samples: columns.sampleIds.map((id, i) => ({
    id,
    messages: [],
    reference: ["word17"],
    tags: { topic: [`t${i % 7}`] },
  })),
  answers: [],
  verdicts: [],
  shifts: [
    { id: columns.shift, answers: "aligned", subject: "zero-shot", columns, comparisons: [], specialIds: new Set([2]) },
  ],
  systems: [],
  seed: 7,
};
globalThis.gc?.();
const before = process.memoryUsage();
const cpu = process.cpuUsage();
const started = performance.now();
const tables = createShiftAnalysis().analyse(input);
const seconds = (performance.now() - started) / 1000;
const after = process.memoryUsage();
const mib = (bytes) => Math.round(bytes / 2 ** 20);
console.log(
  JSON.stringify({
    positions: n,
    samples,
    seconds: Math.round(seconds * 100) / 100,
    cpuSeconds: Math.round(process.cpuUsage(cpu).user / 1e4) / 100,
    tables: tables.length,
    inputMiB: mib(before.arrayBuffers),
    rssBeforeMiB: mib(before.rss),
    rssAfterMiB: mib(after.rss),
    maxRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
