import type { Table } from "@unshift/contracts";
import { type Agreement, agreement } from "../comparison/agreement.js";
import type { RatedUnit, Rating } from "../comparison/rated-unit.js";
import { type Judges, outcomeOf, type PairJudge, type ScoringJudge, scoreOf } from "../judges/judged.js";
import { undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { everyTwo } from "./every-two.js";
import { buildTable, count, estimated, figure, text } from "./table-columns.js";

interface Row {
  readonly aspect: string;
  readonly first: string;
  readonly second: string;
  readonly level: "interval" | "nominal";
  readonly found: Agreement;
  /** Mean of first − second score; null for preferences. */
  readonly difference: number | null;
}

/** Every two judges that share an aspect, on what both judged: a model and people, or two models. */
export function judgeAgreement({ scoring, pairs }: Judges, seed: number): Table {
  const scores = everyTwo(scoring).flatMap(([a, b]) =>
    sharedAspects(a, b).map((aspect): Row => {
      const units = bothScored(a, b, aspect);
      return {
        aspect,
        first: a.id,
        second: b.id,
        level: "interval",
        found: agreementOf(units, "interval", seed, [a.id, b.id, aspect]),
        difference: meanDifference(units),
      };
    }),
  );
  const preferences = everyTwo(pairs).flatMap(([a, b]) =>
    sharedAspects(a, b).map((aspect): Row => {
      const found = agreementOf(bothDecided(a, b, aspect), "nominal", seed, [a.id, b.id, aspect]);
      return { aspect, first: a.id, second: b.id, level: "nominal", found, difference: null };
    }),
  );
  return buildTable<Row>(
    "judge_agreement",
    "Agreement between judges",
    [
      text("aspect", "What both judged.", (row) => row.aspect),
      text("first_judge", "Judge id in the experiment.", (row) => row.first),
      text("second_judge", "The other one.", (row) => row.second),
      text("level", "interval: scores; nominal: preferences.", (row) => row.level),
      count(
        "n",
        "items",
        "Answers, or pairs of answers, that both judged; a pair on which one was inconsistent is none.",
        ({ found }) => found.units,
      ),
      ...estimated<Row>(
        "agreement",
        "share",
        "Share of them judged the same; not corrected for chance.",
        ({ found }) => found.raw,
      ),
      ...estimated<Row>(
        "kappa",
        "kappa",
        "Cohen's kappa, quadratic weights for scores; null where scores are no whole numbers.",
        ({ found }) => found.kappa ?? undefinedEstimate,
      ),
      ...estimated<Row>("alpha", "alpha", "Krippendorff's alpha at this level.", ({ found }) => found.alpha),
      figure("difference", "score", "Mean of the first judge's score minus the second's.", (row) => row.difference),
    ],
    [...scores, ...preferences].filter(({ found }) => found.units > 0),
  );
}

function sharedAspects(
  a: { readonly aspects: readonly string[] },
  b: { readonly aspects: readonly string[] },
): string[] {
  return a.aspects.filter((aspect) => b.aspects.includes(aspect));
}

function bothScored(a: ScoringJudge, b: ScoringJudge, aspect: string): RatedUnit[] {
  const keyOf = ({ system, sampleId }: { system: string; sampleId: string }) => JSON.stringify([system, sampleId]);
  const others = new Map(b.answers.map((answer) => [keyOf(answer), scoreOf(answer, aspect)]));
  return both(a.answers, (answer) => [keyOf(answer), scoreOf(answer, aspect)], others);
}

function bothDecided(a: PairJudge, b: PairJudge, aspect: string): RatedUnit[] {
  const keyOf = ({ system, against, sampleId }: PairJudge["pairs"][number]) =>
    JSON.stringify([system, against, sampleId]);
  const decided = (pair: PairJudge["pairs"][number]): Rating | null => {
    const outcome = outcomeOf(pair, aspect);
    return outcome === "inconsistent" ? null : outcome;
  };
  const others = new Map(b.pairs.map((pair) => [keyOf(pair), decided(pair)]));
  return both(a.pairs, (pair) => [keyOf(pair), decided(pair)], others);
}

function both<Item extends { readonly cluster: string }>(
  items: readonly Item[],
  rated: (item: Item) => readonly [key: string, rating: Rating | null],
  others: ReadonlyMap<string, Rating | null>,
): RatedUnit[] {
  return items.flatMap((item) => {
    const [key, rating] = rated(item);
    const other = others.get(key) ?? null;
    return rating === null || other === null
      ? []
      : [{ sampleId: key, cluster: item.cluster, ratings: [rating, other] }];
  });
}

const widestScale = 100;

function agreementOf(
  units: readonly RatedUnit[],
  level: "interval" | "nominal",
  seed: number,
  of: readonly [first: string, second: string, aspect: string],
): Agreement {
  const random = seededRandom(seed, `judge_agreement ${JSON.stringify(of)}`);
  if (level === "nominal") return agreement(units, random, { level });
  // Steps between scores are counted on the whole scale between the extremes, also over scores that nobody gave.
  const ratings = units.flatMap((unit) => unit.ratings as readonly number[]);
  const low = ratings.reduce((least, rating) => Math.min(least, rating), Number.POSITIVE_INFINITY);
  const high = ratings.reduce((most, rating) => Math.max(most, rating), Number.NEGATIVE_INFINITY);
  const stepped = ratings.length > 0 && ratings.every(Number.isInteger) && high - low <= widestScale;
  if (!stepped) return { ...agreement(units, random, { level }), kappa: null };
  return agreement(units, random, { level, scale: Array.from({ length: high - low + 1 }, (_, i) => low + i) });
}

function meanDifference(units: readonly RatedUnit[]): number | null {
  if (units.length === 0) return null;
  const sum = units.reduce((total, { ratings: [a, b] }) => total + (a as number) - (b as number), 0);
  return sum / units.length;
}
