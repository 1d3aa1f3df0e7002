import type { Table } from "@unshift/contracts";
import type { Analysis, AnalysisInput } from "@unshift/contracts/services";
import { conversationsOf } from "./positions/conversations.js";
import { systemTables } from "./system-tables.js";
import { classRatios } from "./tables/class-ratios.js";
import { classesByCategory } from "./tables/classes-by-category.js";
import { classesByTag } from "./tables/classes-by-tag.js";
import { earlyLate } from "./tables/early-late.js";
import { largestKl } from "./tables/largest-kl.js";
import { openShift } from "./tables/opened-shift.js";
import { pairedSubjects } from "./tables/paired-subjects.js";
import { positionCurves } from "./tables/position-curves.js";
import { referenceTokens } from "./tables/reference-tokens.js";
import { relativePositions } from "./tables/relative-positions.js";
import { samplesTable } from "./tables/samples.js";
import { shiftSummary } from "./tables/shift-summary.js";
import { tokenShiftRatio, tokensByClass } from "./tables/token-tables.js";

/**
 * The standard tables of systems, judges and token distribution shift; docs/reference/metrics.md defines every figure. The same input and seed give the
 * same tables, bit for bit, in whatever order samples, answers, verdicts and comparisons are listed.
 */
export function createShiftAnalysis(): Analysis {
  return { analyse };
}

function analyse(input: AnalysisInput): Table[] {
  const { samples, shifts, seed } = input;
  const conversationOf = conversationsOf(samples);
  const opened = shifts.map((shift) => openShift(shift, conversationOf, seed));
  return [
    ...systemTables(input),
    classRatios(opened),
    shiftSummary(opened),
    positionCurves(opened, seed),
    tokensByClass(opened),
    tokenShiftRatio(opened),
    relativePositions(opened, seed),
    classesByTag(opened, samples, seed),
    classesByCategory(opened, seed),
    referenceTokens(opened, samples, seed),
    largestKl(opened),
    earlyLate(opened, seed),
    pairedSubjects(opened, seed),
    samplesTable(opened),
  ];
}
