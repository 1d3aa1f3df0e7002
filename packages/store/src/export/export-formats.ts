/** What of a run can be exported. */
export type ExportSubject = "positions" | "answers" | "verdicts" | "comparisons" | "samples" | "tables";

export type ExportFormat = "parquet" | "csv" | "jsonl" | "json";

const records = ["jsonl", "json", "csv", "parquet"] as const satisfies readonly ExportFormat[];

/** The formats offered for each; the first is the one that fits best. */
export const exportFormats: Readonly<Record<ExportSubject, readonly ExportFormat[]>> = {
  // One JSON document of millions of positions is nothing that a tool could open.
  positions: ["parquet", "csv", "jsonl"],
  answers: records,
  verdicts: records,
  comparisons: records,
  samples: records,
  // `csv`: a folder with one file a table.
  tables: ["json", "csv"],
};
