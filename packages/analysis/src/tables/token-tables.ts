import { type ShiftClass, shiftClasses, type Table } from "@unshift/contracts";
import { marginal, shifted, unshifted } from "../positions/shift-positions.js";
import type { OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, figure, shareOf, text } from "./table-columns.js";

const listed = 50;

interface Row extends OpenedShift {
  /** Place in the list, from 1. */
  readonly order: number;
  /** Index into `tokens.ids`. */
  readonly token: number;
  readonly of: ShiftClass;
}

const tokenColumns = [
  count<Row>(
    "token_id",
    "id",
    "Token id in the answering model's vocabulary.",
    (row) => row.tokens.ids[row.token] ?? null,
  ),
  text<Row>(
    "token",
    "Text of the token.",
    (row) => row.shift.columns.tokenText.get(row.tokens.ids[row.token] ?? -1) ?? null,
  ),
];

/** The 50 most frequent tokens of each class; ties by id. */
export function tokensByClass(shifts: readonly OpenedShift[]): Table {
  return buildTable<Row>(
    "tokens_by_class",
    "Most frequent tokens of each class",
    [
      ...shiftColumns<Row>(),
      text("class", "unshifted, marginal or shifted.", (row) => row.of),
      count("order", "place", "Place in the list of its class, from 1; equal counts by token id.", (row) => row.order),
      ...tokenColumns,
      count("count", "positions", "Positions of the class with this token.", (row) =>
        inClass(row, shiftClasses.indexOf(row.of)),
      ),
      figure("share_of_class", "share", "Share of the class's positions.", (row) =>
        shareOf(inClass(row, shiftClasses.indexOf(row.of)), row.tokens.totals[shiftClasses.indexOf(row.of)] ?? 0),
      ),
      figure("share_of_token", "share", "Share of the token's positions that are of the class.", (row) =>
        shareOf(inClass(row, shiftClasses.indexOf(row.of)), occurrences(row)),
      ),
    ],
    shifts.flatMap((shift) => shiftClasses.flatMap((of, code) => mostFrequent(shift, of, code))),
  );
}

/** How often each token is shifted: every id that occurs, by ratio, then count, then id. */
export function tokenShiftRatio(shifts: readonly OpenedShift[]): Table {
  return buildTable<Row>(
    "token_shift_ratio",
    "Shift ratio by token",
    [
      ...shiftColumns<Row>(),
      count("order", "place", "Place from 1: by ratio, then count, both falling, then token id.", (row) => row.order),
      ...tokenColumns,
      count("count", "positions", "Positions with this token.", occurrences),
      count("unshifted", "positions", "Of them unshifted.", (row) => inClass(row, unshifted)),
      count("marginal", "positions", "Of them marginal.", (row) => inClass(row, marginal)),
      count("shifted", "positions", "Of them shifted.", (row) => inClass(row, shifted)),
      figure("ratio", "share", "Shifted over count.", (row) => shareOf(inClass(row, shifted), occurrences(row))),
    ],
    shifts.flatMap(ranked),
  );
}

function inClass({ tokens, token }: Pick<Row, "tokens" | "token">, code: number): number {
  return tokens.byClass[token * 3 + code] ?? 0;
}

function occurrences(row: Pick<Row, "tokens" | "token">): number {
  return inClass(row, unshifted) + inClass(row, marginal) + inClass(row, shifted);
}

function mostFrequent(shift: OpenedShift, of: ShiftClass, code: number): Row[] {
  const { tokens } = shift;
  const counted = (token: number): number => inClass({ tokens, token }, code);
  return tokens.ids
    .map((_, token) => token)
    .filter((token) => counted(token) > 0)
    .sort((a, b) => counted(b) - counted(a) || a - b)
    .slice(0, listed)
    .map((token, i) => ({ ...shift, token, of, order: i + 1 }));
}

function ranked(shift: OpenedShift): Row[] {
  const { tokens } = shift;
  const counts = tokens.ids.map((_, token) => occurrences({ tokens, token }));
  const ratios = counts.map((whole, token) => inClass({ tokens, token }, shifted) / whole);
  return tokens.ids
    .map((_, token) => token)
    .sort(
      (a, b) => (ratios[b] as number) - (ratios[a] as number) || (counts[b] as number) - (counts[a] as number) || a - b,
    )
    .map((token, i) => ({ ...shift, token, of: "shifted", order: i + 1 }));
}
