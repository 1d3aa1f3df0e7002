import type { ShiftInput } from "@unshift/contracts/services";
import type { ConversationOf } from "../positions/conversations.js";
import { estimateShift, type ShiftEstimates, sampleSums } from "../positions/shift-estimates.js";
import { byConversation, openPositions, type ShiftPositions } from "../positions/shift-positions.js";
import { countTokens, type TokenCounts } from "../positions/token-counts.js";
import type { ClusterSums } from "../statistics/cluster-sums.js";

/** A shift with what several tables share, so that a figure is the same wherever it appears. */
export interface OpenedShift {
  readonly shift: ShiftInput;
  readonly positions: ShiftPositions;
  /** [occupied samples] as `sampleSums` has them. */
  readonly sums: ClusterSums;
  readonly estimates: ShiftEstimates;
  readonly tokens: TokenCounts;
}

/** Whether the answers have a model whose distributions are known. */
export function hasReference({ shift }: OpenedShift): boolean {
  return shift.columns.withoutReference !== true;
}

export function openShift(shift: ShiftInput, conversationOf: ConversationOf, seed: number): OpenedShift {
  const positions = openPositions(shift, conversationOf);
  const sums = sampleSums(positions);
  const estimates = estimateShift(byConversation(positions, sums, positions.occupied), seed, `shift ${shift.id}`);
  return { shift, positions, sums, estimates, tokens: countTokens(positions) };
}
