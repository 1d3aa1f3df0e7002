/** The run folder: everything one experiment leaves on disk. */

export { type Difference, differences } from "./experiment-difference.js";
export { type ExportFormat, type ExportSubject, exportFormats } from "./export/export-formats.js";
export { type ExportRequest, type ExportResult, exportRun } from "./export/export-run.js";
export { publishFolder, publishText } from "./export/publish.js";
export { finishedShards } from "./logits/finished-shards.js";
export { freeBytes, LogitsFolder } from "./logits/logits-folder.js";
export { type LogitsPlan, type LogitsRow, shardBytes, shardCount } from "./logits/logits-plan.js";
export { bytesOf } from "./logits/npy-header.js";
export { positionColumns } from "./positions/position-schema.js";
export { createStore } from "./store-opener.js";
export { tableCsv } from "./table-files.js";
