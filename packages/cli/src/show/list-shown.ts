import { type TableRow, tableRows } from "@unshift/analysis";
import { instructionOf } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import type { StoredRun } from "@unshift/core";
import { percent } from "../output/format.js";
import { terminalLine } from "../output/terminal-text.js";
import { textTable } from "../output/text-table.js";

export type SampleOrder = "dataset" | "shifted" | "kl";

export interface ListedSample {
  readonly sample: string;
  readonly question: string;
  /** Figures by shift id, as in the table `samples`; absent where a sample was not compared. */
  readonly shifts: Readonly<
    Record<
      string,
      {
        readonly positions: number;
        /** 0–1 */
        readonly shifted: number | null;
        /** nats */
        readonly meanKl: number | null;
      }
    >
  >;
}

/** The samples of a run with the figures of its table `samples`, those with the most shifted tokens, or the largest mean KL, first. */
export async function listShown(store: RunStore, run: StoredRun, order: SampleOrder): Promise<ListedSample[]> {
  const bySample = new Map<string, TableRow[]>();
  const tables = await store.tables();
  for (const row of tables.length === 0 ? [] : tableRows(tables, "samples")) {
    const id = String(row.sample);
    bySample.set(id, [...(bySample.get(id) ?? []), row]);
  }
  const number = (cell: unknown): number | null => (typeof cell === "number" ? cell : null);
  const listed = run.samples.map((sample) => ({
    sample: sample.id,
    question: instructionOf(sample),
    shifts: Object.fromEntries(
      (bySample.get(sample.id) ?? [])
        .filter((row) => row.status === "scored")
        .map((row) => [
          String(row.shift),
          { positions: number(row.positions) ?? 0, shifted: number(row.shifted_share), meanKl: number(row.mean_kl) },
        ]),
    ),
  }));
  if (order === "dataset") return listed;
  const most = ({ shifts }: ListedSample) =>
    Math.max(-1, ...Object.values(shifts).map((of) => (order === "kl" ? of.meanKl : of.shifted) ?? -1));
  return listed.toSorted((a, b) => most(b) - most(a));
}

/** Characters of a question that are shown. */
const shownChars = 56;

export function listedText(listed: readonly ListedSample[], shifts: readonly string[]): string {
  const rows = listed.map(({ sample, question, shifts: of }) => [
    terminalLine(sample),
    ...shifts.map((shift) => {
      const figures = of[shift];
      if (figures === undefined) return null;
      return `${percent(figures.shifted)}${figures.meanKl === null ? "" : `  ${figures.meanKl.toFixed(3)}`}`;
    }),
    firstWords(question),
  ]);
  return textTable(["sample", ...shifts.map((shift) => `${terminalLine(shift)}: shifted, KL`), "asks"], rows);
}

function firstWords(text: string): string {
  const line = terminalLine(text.replace(/\s+/g, " ").trim());
  return line.length > shownChars ? `${line.slice(0, shownChars - 1)}…` : line;
}
