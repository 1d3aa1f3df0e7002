import type { JudgeHead } from "../../payload/format.js";

/** A radar needs three axes to have an area; below that a judge's scores are columns among others. */
const fewestAxes = 3;

/** Whether a judge's aspects make a profile: a chart and a table of their own. */
export function hasProfile({ judges, aspects }: JudgeHead): boolean {
  return judges === "answers" && aspects.length >= fewestAxes;
}
