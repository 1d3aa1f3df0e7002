import type { Table } from "@unshift/contracts";
import { holm } from "../comparison/holm.js";
import type { Score } from "../comparison/mean-interval.js";
import { type PairedComparison, pairedComparison } from "../comparison/paired-comparison.js";
import { type ScoringJudge, scoreOf } from "../judges/judged.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { everyTwo } from "./every-two.js";
import { buildTable, count, estimated, figure, text } from "./table-columns.js";

interface Row {
  readonly judge: string;
  readonly naPolicy: string | null;
  readonly aspect: string;
  readonly first: string;
  readonly second: string;
  readonly compared: PairedComparison;
  readonly firstMean: number | null;
  readonly secondMean: number | null;
  /** By Holm over the pairs of systems of the judge and aspect. */
  readonly adjustedInAspect: number | null;
}

/** Every two systems on the samples that both have a score on, by judge and aspect. */
export function scoreComparisons(judges: readonly ScoringJudge[], systems: readonly string[], seed: number): Table {
  const rows = judges.flatMap((judge) => judge.aspects.flatMap((aspect) => family(judge, aspect, systems, seed)));
  const adjusted = holm(rows.map(({ compared }) => compared.pValue));
  return buildTable<Row & { readonly adjusted: number | null }>(
    "score_comparisons",
    "Systems compared on the same samples",
    [
      text("judge", "Judge id in the experiment.", (row) => row.judge),
      text("aspect", "What was scored.", (row) => row.aspect),
      text("first", "System that is subtracted from.", (row) => row.first),
      text("second", "System that is subtracted.", (row) => row.second),
      count("n", "samples", "Samples on which both have a score.", ({ compared }) => compared.pairs),
      figure("first_mean", "score", "First system's mean over these samples.", (row) => row.firstMean),
      figure("second_mean", "score", "Second system's mean over these samples.", (row) => row.secondMean),
      ...estimated<Row>("difference", "score", "Mean of first minus second.", ({ compared }) => compared.difference),
      figure("p", "probability", "Two-sided sign-flip permutation p.", ({ compared }) => compared.pValue),
      figure(
        "p_adjusted",
        "probability",
        "p adjusted by Holm over all tests of this table: every judge, aspect and pair of systems.",
        (row) => row.adjusted,
      ),
      figure(
        "p_adjusted_in_aspect",
        "probability",
        "p adjusted by Holm over the pairs of systems of this judge and aspect alone, for a question asked of no other.",
        (row) => row.adjustedInAspect,
      ),
      text(
        "p_by",
        "enumeration: every sign pattern counted; draws: patterns drawn.",
        ({ compared }) => compared.pValueBy,
      ),
      count(
        "only_first",
        "samples",
        "Samples on which only the first has a score.",
        ({ compared }) => compared.onlyFirst,
      ),
      count(
        "only_second",
        "samples",
        "Samples on which only the second has a score.",
        ({ compared }) => compared.onlySecond,
      ),
      text("na_policy", "What the judge does with an aspect that does not apply.", (row) => row.naPolicy),
    ],
    rows.map((row, i) => ({ ...row, adjusted: adjusted[i] ?? null })),
  );
}

/** The tests of one judge and aspect. */
function family(judge: ScoringJudge, aspect: string, systems: readonly string[], seed: number): Row[] {
  const scores = new Map<string, Score[]>(systems.map((system) => [system, []]));
  for (const answer of judge.answers) {
    const { system, sampleId, cluster } = answer;
    scores.get(system)?.push({ sampleId, cluster, score: scoreOf(answer, aspect) });
  }
  const label = `score_comparisons ${JSON.stringify([judge.id, aspect])}`;
  const rows = everyTwo(systems).map(([first, second]) => {
    const a = scores.get(first) ?? [];
    const b = scores.get(second) ?? [];
    const compared = pairedComparison(a, b, seededRandom(seed, label));
    return {
      judge: judge.id,
      naPolicy: judge.naPolicy,
      aspect,
      first,
      second,
      compared,
      firstMean: meanWhereBoth(a, b),
      secondMean: meanWhereBoth(b, a),
    };
  });
  const adjusted = holm(rows.map(({ compared }) => compared.pValue));
  return rows.map((row, i) => ({ ...row, adjustedInAspect: adjusted[i] ?? null }));
}

function meanWhereBoth(scores: readonly Score[], others: readonly Score[]): number | null {
  const there = new Set(others.flatMap(({ sampleId, score }) => (score === null ? [] : [sampleId])));
  const paired = scores.flatMap(({ sampleId, score }) => (score === null || !there.has(sampleId) ? [] : [score]));
  return paired.length === 0 ? null : paired.reduce((sum, score) => sum + score, 0) / paired.length;
}
