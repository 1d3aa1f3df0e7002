/** A derived, recomputable table, the same in JSON, CSV and the report. */
export interface Table {
  /** Stable name: `class_ratios`. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly TableCell[])[];
}
export type TableCell = string | number | boolean | null;
export interface TableColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean";
  /** `nats`, `share` (0–1), `rank`, `tokens`, `samples`, … or null. */
  readonly unit: string | null;
  readonly meaning: string;
}
