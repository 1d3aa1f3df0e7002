import { UnshiftError } from "@unshift/contracts";
import type { ShiftColumns, ShiftInput } from "@unshift/contracts/services";
import { type ClusterSums, mergeClusters } from "../statistics/cluster-sums.js";
import type { ConversationOf } from "./conversations.js";

/** Codes of {@link ShiftPositions.classes}, in the order of the contract's `shiftClasses`. */
export const unshifted = 0;
export const marginal = 1;
export const shifted = 2;

/** The positions of one shift with what every table needs: where each sample's rows lie, and each row's class. */
export interface ShiftPositions {
  readonly shift: ShiftInput;
  readonly columns: ShiftColumns;
  readonly rows: number;
  /** [samples + 1] rows of sample s are starts[s] … starts[s + 1] − 1, row starts[s] + t being position t. */
  readonly starts: Int32Array;
  /** Indices of samples with at least one position, ascending. */
  readonly occupied: Int32Array;
  /** [rows] 0 unshifted, 1 marginal, 2 shifted; by the contract's `classOfRank`. */
  readonly classes: Uint8Array;
  /** [samples] number of the conversation each sample is of; samples of one conversation are resampled together. */
  readonly conversations: Int32Array;
}

/**
 * Indexes a shift's columns.
 * @throws INTERNAL where rows are not sorted by sample id (code units) and gapless by position: sums would depend on their order.
 */
export function openPositions(shift: ShiftInput, conversationOf: ConversationOf = (id) => id): ShiftPositions {
  const { columns } = shift;
  const rows = columns.position.length;
  const samples = columns.sampleIds.length;
  for (let s = 1; s < samples; s++) {
    if ((columns.sampleIds[s - 1] as string) >= (columns.sampleIds[s] as string))
      refuse(shift, "sample ids are not sorted");
  }
  const starts = new Int32Array(samples + 1);
  let sample = 0;
  for (let row = 0; row < rows; row++) {
    const of = columns.sample[row] as number;
    if (of < sample || of >= samples) refuse(shift, `row ${row} is out of sample order`);
    while (sample < of) starts[++sample] = row;
    if (columns.position[row] !== row - (starts[sample] as number))
      refuse(shift, `row ${row} is not the next position`);
    if ((columns.position[row] as number) >= (columns.length[row] as number))
      refuse(shift, `row ${row} lies behind its answer's end`);
  }
  starts.fill(rows, sample + 1);
  const occupied: number[] = [];
  for (let s = 0; s < samples; s++) if ((starts[s + 1] as number) > (starts[s] as number)) occupied.push(s);

  const classes = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const rank = columns.subjectRank[row] as number;
    classes[row] = rank === 1 ? unshifted : rank <= 3 ? marginal : shifted;
  }
  const conversations = numbered(columns.sampleIds.map(conversationOf));
  return { shift, columns, rows, starts, occupied: Int32Array.from(occupied), classes, conversations };
}

/** Numbers from 0 in the order in which the texts first appear. */
function numbered(texts: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(texts, (text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}

/** Sums of samples (as many clusters as `samples`, indices into the shift's samples) as sums of conversations. */
export function byConversation(
  { conversations }: ShiftPositions,
  sums: ClusterSums,
  samples: ArrayLike<number>,
): ClusterSums {
  return mergeClusters(
    sums,
    Int32Array.from(samples, (sample) => conversations[sample] as number),
  );
}

function refuse(shift: ShiftInput, found: string): never {
  throw new UnshiftError("INTERNAL", `the positions of shift ${shift.id} are not in order: ${found}`);
}
