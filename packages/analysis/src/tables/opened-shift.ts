import type { ShiftInput } from "@unshift/contracts/services";
import { estimateShift, type ShiftEstimates, sampleSums } from "../positions/shift-estimates.js";
import { openPositions, type ShiftPositions } from "../positions/shift-positions.js";
import { countTokens, type TokenCounts } from "../positions/token-counts.js";
import type { ClusterSums } from "../statistics/cluster-sums.js";

/** A shift with what several tables share, so that a figure is the same wherever it appears. */
export interface OpenedShift {
  readonly shift: ShiftInput;
  readonly positions: ShiftPositions;
  readonly sums: ClusterSums;
  readonly estimates: ShiftEstimates;
  readonly tokens: TokenCounts;
}

export function openShift(shift: ShiftInput, seed: number): OpenedShift {
  const positions = openPositions(shift);
  const sums = sampleSums(positions);
  const estimates = estimateShift(sums, seed, `shift ${shift.id}`);
  return { shift, positions, sums, estimates, tokens: countTokens(positions) };
}
