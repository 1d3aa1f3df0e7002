import { shiftClasses, type Table } from "@unshift/contracts";
import type { ShiftPositions } from "../positions/shift-positions.js";
import { hasReference, type OpenedShift } from "./opened-shift.js";
import { shiftColumns } from "./shift-columns.js";
import { buildTable, count, figure, text } from "./table-columns.js";

const listed = 50;
const contextTokens = 8;

interface Row {
  readonly shift: OpenedShift["shift"];
  readonly positions: ShiftPositions;
  readonly order: number;
  readonly row: number;
}

/**
 * The 50 positions of each shift where KL(reference ‖ subject) is largest; ties by sample, then position. None of a shift without
 * a reference.
 */
export function largestKl(shifts: readonly OpenedShift[]): Table {
  return buildTable<Row>(
    "largest_kl",
    "Positions with the largest divergence",
    [
      ...shiftColumns<Row>(),
      count("order", "place", "Place in the list, from 1.", ({ order }) => order),
      text(
        "sample",
        "Sample id.",
        ({ positions: { columns }, row }) => columns.sampleIds[columns.sample[row] ?? -1] ?? null,
      ),
      count(
        "position",
        "position",
        "Position in the answer, 0-based.",
        ({ positions: { columns }, row }) => columns.position[row] ?? null,
      ),
      count(
        "token_id",
        "id",
        "Id of the answer's token.",
        ({ positions: { columns }, row }) => columns.tokenId[row] ?? null,
      ),
      text("token", "Text of the answer's token.", ({ positions, row }) => tokenText(positions, row)),
      text("context", "Texts of up to 8 tokens of the answer before it, joined.", ({ positions, row }) =>
        contextOf(positions, row),
      ),
      text(
        "class",
        "unshifted, marginal or shifted.",
        ({ positions, row }) => shiftClasses[positions.classes[row] ?? -1] ?? null,
      ),
      figure(
        "kl",
        "nats",
        "KL(reference ‖ subject).",
        ({ positions: { columns }, row }) => columns.klReferenceSubject[row] ?? null,
      ),
      figure(
        "kl_reverse",
        "nats",
        "KL(subject ‖ reference).",
        ({ positions: { columns }, row }) => columns.klSubjectReference[row] ?? null,
      ),
      count(
        "subject_rank",
        "rank",
        "Rank of the token under the subject.",
        ({ positions: { columns }, row }) => columns.subjectRank[row] ?? null,
      ),
      figure(
        "subject_probability",
        "share",
        "Probability of the token under the subject.",
        ({ positions: { columns }, row }) => Math.exp(columns.subjectLogprob[row] as number),
      ),
      figure(
        "reference_probability",
        "share",
        "Probability of the token under the reference.",
        ({ positions: { columns }, row }) => Math.exp(columns.referenceLogprob[row] as number),
      ),
    ],
    shifts
      .filter(hasReference)
      .flatMap(({ shift, positions }) =>
        largestRows(positions).map((row, i) => ({ shift, positions, order: i + 1, row })),
      ),
  );
}

/** Keeps the best rows seen, the worst of them last: one pass, no sort of all rows. */
function largestRows({ columns, rows }: ShiftPositions): number[] {
  const kl = columns.klReferenceSubject;
  const best: number[] = [];
  for (let row = 0; row < rows; row++) {
    const value = kl[row] as number;
    if (best.length === listed && value <= (kl[best[listed - 1] as number] as number)) continue;
    let at = best.length;
    while (at > 0 && value > (kl[best[at - 1] as number] as number)) at--;
    best.splice(at, 0, row);
    if (best.length > listed) best.pop();
  }
  return best;
}

function tokenText({ columns }: ShiftPositions, row: number): string | null {
  return columns.tokenText.get(columns.tokenId[row] as number) ?? null;
}

function contextOf(positions: ShiftPositions, row: number): string {
  const before = Math.min(contextTokens, positions.columns.position[row] as number);
  let context = "";
  for (let at = row - before; at < row; at++) context += tokenText(positions, at) ?? "";
  return context;
}
