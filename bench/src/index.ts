/** The compute core measured beside its peers: what `unshift bench` runs. */

export { benchFolder } from "./bench-folder.js";
export type { Figure, Measure } from "./measure.js";
export { measures } from "./measures/index.js";
export type { BenchDocument, MeasureResult } from "./results/bench-document.js";
export { benchPage } from "./results/bench-page.js";
export { resultHeader, resultRows } from "./results/result-table.js";
export { type BenchRequest, runBench } from "./run-bench.js";
