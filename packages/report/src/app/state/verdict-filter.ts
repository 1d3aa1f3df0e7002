import { type VerdictState, verdictStates } from "../../payload/format.js";
import type { ReportData } from "../data/report-data.js";

/** What the list of samples is narrowed to by verdicts; everything null is no narrowing. */
export interface VerdictFilter {
  /** Index of the judge, and of one of its aspects. */
  readonly judge: number | null;
  readonly aspect: number | null;
  /** Index of the system whose scores are meant; null: any. */
  readonly system: number | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly state: VerdictState | null;
}

/** The filter that an address names: `judge`, `aspect`, `of` (system), `from`, `to`, `state`. */
export function verdictFilter(query: URLSearchParams, data: ReportData): VerdictFilter {
  const { judges, systems } = data.summary;
  const place = (index: number): number | null => (index < 0 ? null : index);
  const judge = place(judges.findIndex(({ id }) => id === query.get("judge")));
  const aspects = judge === null ? [] : (judges[judge]?.aspects ?? []);
  const state = query.get("state");
  return {
    judge,
    aspect: place(aspects.findIndex(({ id }) => id === query.get("aspect"))),
    system: place(systems.findIndex(({ id }) => id === query.get("of"))),
    from: numberOf(query.get("from")),
    to: numberOf(query.get("to")),
    state: state !== null && Object.hasOwn(verdictStates, state) ? (state as VerdictState) : null,
  };
}

/** Whether a sample is in the list. A range is met where any of the systems meant has a score in it. */
export function fitsVerdicts(filter: VerdictFilter, data: ReportData): (sample: number) => boolean {
  const { judge, state, from, to } = filter;
  const wanted = state === null ? 0 : verdictStates[state];
  const judges = judge === null ? data.summary.judges.map((_, index) => index) : [judge];
  const states = judges.map((index) => data.states(index));
  const scores = from === null && to === null ? null : scoreColumns(filter, data);
  return (sample) => {
    if (wanted !== 0 && !states.some((column) => ((column?.[sample] ?? 0) & wanted) !== 0)) return false;
    if (scores === null) return true;
    return scores.some((column) => {
      const score = column[sample] ?? Number.NaN;
      return score >= (from ?? Number.NEGATIVE_INFINITY) && score <= (to ?? Number.POSITIVE_INFINITY);
    });
  };
}

/** The mean over the systems meant of a sample's scores; NaN where it has none. */
export function scoreOfSample(filter: VerdictFilter, data: ReportData): (sample: number) => number {
  const columns = scoreColumns(filter, data);
  return (sample) => {
    let sum = 0;
    let number = 0;
    for (const column of columns) {
      const score = column[sample] ?? Number.NaN;
      if (Number.isNaN(score)) continue;
      sum += score;
      number += 1;
    }
    return sum / number;
  };
}

/** Difference between the highest and the lowest score of a sample's systems; NaN below two scores. */
export function spreadOfSample(filter: VerdictFilter, data: ReportData): (sample: number) => number {
  const columns = scoreColumns({ ...filter, system: null }, data);
  return (sample) => {
    const scores = columns.map((column) => column[sample] ?? Number.NaN).filter((score) => !Number.isNaN(score));
    return scores.length < 2 ? Number.NaN : Math.max(...scores) - Math.min(...scores);
  };
}

function scoreColumns({ judge, aspect, system }: VerdictFilter, data: ReportData) {
  if (judge === null || aspect === null) return [];
  const systems = system === null ? data.summary.systems.map((_, index) => index) : [system];
  return systems.flatMap((index) => data.scores(judge, aspect, index) ?? []);
}

function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
