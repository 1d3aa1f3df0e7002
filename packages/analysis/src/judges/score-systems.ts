import { clustersOf, inSampleOrder } from "../comparison/clustered.js";
import { clusterBootstrap, type Statistic } from "../statistics/cluster-bootstrap.js";
import { clusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { countRepaired, countStatus, isShare, type JudgedAnswer, type ScoringJudge, scoreOf } from "./judged.js";
import { type MeanScore, meanScore, meansOf } from "./mean-score.js";

/** A judge's scores of a system in one aspect. */
interface AspectScore extends MeanScore {
  /** Verdicts that say that the aspect does not apply. */
  readonly notApplicable: number;
}

/** What a judge of answers says of a system. */
export interface JudgeOfSystem {
  readonly system: string;
  readonly judge: string;
  readonly naPolicy: string | null;
  /** Verdicts by status, every repeat counted. */
  readonly scored: number;
  readonly notApplicable: number;
  readonly unparsed: number;
  readonly failed: number;
  readonly repaired: number;
  /** Over the answers with a score, by aspect id; the same aspects for all systems. */
  readonly aspects: ReadonlyMap<string, AspectScore>;
  /** Answers with a score in any aspect. */
  readonly answers: number;
  /** Mean of the aspects' means; undefined where an aspect has no score, scales differ, or scores are shares of different things. */
  readonly average: Estimate;
  /** Mean count of words of the answers with a score in any aspect. */
  readonly words: Estimate;
}

/**
 * Every judge of answers × every system. "No score" is counted, never averaged. Resamples are drawn for the judge and aspect, not for
 * the system: a system's interval does not hang on its name.
 */
export function scoreSystems(
  judges: readonly ScoringJudge[],
  systems: readonly string[],
  seed: number,
): readonly JudgeOfSystem[] {
  return systems.flatMap((system) =>
    judges.map((judge) => {
      const own = judge.answers.filter((answer) => answer.system === system);
      return scoreSystem(system, judge, own, seed);
    }),
  );
}

function scoreSystem(system: string, judge: ScoringJudge, own: readonly JudgedAnswer[], seed: number): JudgeOfSystem {
  const { id, aspects, naPolicy } = judge;
  const scores = aspects.map((aspect): [string, AspectScore] => [
    aspect,
    {
      ...meanScore(own, aspect, isShare(judge, aspect), seededRandom(seed, `scores ${JSON.stringify([id, aspect])}`)),
      notApplicable: countNotApplicable(own, aspect),
    },
  ]);
  const scored = own.filter((answer) => aspects.some((aspect) => scoreOf(answer, aspect) !== null));
  const lengths = scored.map(({ sampleId, cluster, words }) => ({ sampleId, cluster, values: [words ?? Number.NaN] }));
  const [words = undefinedEstimate] = meansOf(lengths, 1, seededRandom(seed, `score_averages words ${id}`));
  return {
    system,
    judge: id,
    naPolicy,
    scored: countStatus(own, "scored"),
    notApplicable: countStatus(own, "not-applicable"),
    unparsed: countStatus(own, "unparsed"),
    failed: countStatus(own, "failed"),
    repaired: countRepaired(own),
    aspects: new Map(scores),
    answers: scored.length,
    average: averages(judge) ? averageOf(scored, aspects, seed, id) : undefinedEstimate,
    words,
  };
}

function countNotApplicable(answers: readonly JudgedAnswer[], aspect: string): number {
  return answers.reduce(
    (sum, { judgements }) =>
      sum +
      judgements.filter((each) => each.status === "scored" && each.notApplicable?.includes(aspect) === true).length,
    0,
  );
}

/**
 * Whether the mean of the aspects means something, as far as their scales are known: that of stars and shares does not, nor that of
 * shares of different things, such as right answers and refused ones.
 */
function averages(judge: ScoringJudge): boolean {
  const { aspects, range } = judge;
  if (aspects.length > 1 && aspects.some((aspect) => isShare(judge, aspect))) return false;
  return new Set(aspects.flatMap((aspect) => (range.has(aspect) ? [JSON.stringify(range.get(aspect))] : []))).size <= 1;
}

/** Mean over the aspects of their means, each over its own answers: the paper's "Avg". Conversations are drawn with all their aspects. */
function averageOf(scored: readonly JudgedAnswer[], aspects: readonly string[], seed: number, judge: string): Estimate {
  const ordered = inSampleOrder(scored);
  const clusters = clustersOf(ordered);
  const sums = clusterSums(clusters.count, 2 * aspects.length);
  for (const [i, answer] of ordered.entries()) {
    for (const [a, aspect] of aspects.entries()) {
      const score = scoreOf(answer, aspect);
      if (score === null) continue;
      const at = sums.width * (clusters.of[i] as number) + 2 * a;
      sums.data[at] = (sums.data[at] as number) + 1;
      sums.data[at + 1] = (sums.data[at + 1] as number) + score;
    }
  }
  const average: Statistic = (totals) => {
    let sum = 0;
    for (let a = 0; a < aspects.length; a++) sum += (totals[2 * a + 1] as number) / (totals[2 * a] as number);
    return aspects.length === 0 ? Number.NaN : sum / aspects.length;
  };
  const [estimate] = clusterBootstrap(sums, [average], seededRandom(seed, `score_averages ${judge}`));
  return estimate ?? undefinedEstimate;
}
