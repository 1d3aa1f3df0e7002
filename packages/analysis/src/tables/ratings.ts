import type { Table } from "@unshift/contracts";
import { bradleyTerry } from "../comparison/bradley-terry.js";
import { elo } from "../comparison/elo.js";
import type { ComparedSystems } from "../judges/compared-systems.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { buildTable, type ColumnOf, count, estimated, figure, text } from "./table-columns.js";

interface Row {
  readonly judge: string;
  readonly aspect: string;
  readonly system: string;
  readonly rank: number | null;
  readonly games: number;
  readonly points: number;
  readonly rating: Estimate;
  readonly elo: number | null;
  readonly eloDeviation: number | null;
  readonly status: "fitted" | "unfitted";
  readonly reason: string | null;
  readonly unfitted: number | null;
}

/** Strengths of the systems that a judge compared, by aspect: Bradley–Terry on the Elo scale, and sequential Elo. */
export function ratingsTable(compared: readonly ComparedSystems[], systems: readonly string[], seed: number): Table {
  const columns: ColumnOf<Row>[] = [
    text("judge", "Judge id in the experiment.", (row) => row.judge),
    text("aspect", "What was compared.", (row) => row.aspect),
    count("rank", "rank", "Place by rating, equal ratings (to 0.001) alike; null without ratings.", (row) => row.rank),
    text("system", "System that was compared.", (row) => row.system),
    count("n", "comparisons", "Comparisons of the system that were decided.", (row) => row.games),
    figure("points", "points", "Its wins and half its ties.", (row) => row.points),
    ...estimated<Row>(
      "rating",
      "elo",
      "Bradley–Terry strength on the Elo scale; the mean is 1000.",
      (row) => row.rating,
    ),
    figure("elo", "elo", "Sequential Elo from 1000, averaged over random orders.", (row) => row.elo),
    figure("elo_deviation", "elo", "Its standard deviation over the orders.", (row) => row.eloDeviation),
    text("status", "fitted, or unfitted where no finite strengths exist.", (row) => row.status),
    text("reason", "Why there are none; null where there are.", (row) => row.reason),
    count("unfitted_resamples", "resamples", "Resamples without finite strengths, left out.", (row) => row.unfitted),
  ];
  const families = new Map<string, ComparedSystems[]>();
  for (const of of compared) {
    const key = JSON.stringify([of.judge, of.aspect]);
    families.set(key, [...(families.get(key) ?? []), of]);
  }
  return buildTable(
    "ratings",
    "Ratings from pairwise comparisons",
    columns,
    [...families.values()].flatMap((family) => rowsOf(family, systems, seed)),
  );
}

function rowsOf(family: readonly ComparedSystems[], systems: readonly string[], seed: number): Row[] {
  const [{ judge, aspect } = { judge: "", aspect: "" }] = family;
  const outcomes = family.flatMap(({ system, against, pairs }) =>
    pairs.map(({ sampleId, cluster, outcome }) => ({ sampleId, cluster, system, opponent: against, outcome })),
  );
  const label = `ratings ${JSON.stringify([judge, aspect])}`;
  const fit = bradleyTerry(outcomes, seededRandom(seed, label));
  const sequential = new Map(
    elo(outcomes, seededRandom(seed, `${label} elo`)).ratings.map((rating) => [rating.system, rating]),
  );
  const strengths = new Map(fit.status === "fitted" ? fit.systems.map((each) => [each.system, each]) : []);
  const compared = new Set(family.flatMap(({ system, against }) => [system, against]));
  const rows = systems
    .filter((system) => compared.has(system))
    .map(
      (system): Omit<Row, "rank"> => ({
        judge,
        aspect,
        system,
        games: sequential.get(system)?.games ?? 0,
        points: pointsOf(outcomes, system),
        rating: strengths.get(system)?.elo ?? undefinedEstimate,
        elo: sequential.get(system)?.rating ?? null,
        eloDeviation: sequential.get(system)?.orderDeviation ?? null,
        ...stateOf(fit, system),
        unfitted: fit.status === "fitted" ? fit.unfittedResamples : null,
      }),
    );
  const ranks = ranksOf(rows.flatMap(({ rating: { value } }) => (value === null ? [] : [value])));
  const rankOf = ({ rating: { value } }: Omit<Row, "rank">): number | null =>
    value === null ? null : (ranks.get(value) ?? null);
  return (
    rows
      .map((row) => ({ ...row, rank: rankOf(row) }))
      // Stable: equal and absent ratings stay in the order of the experiment.
      .sort((a, b) => (a.rank ?? rows.length + 1) - (b.rank ?? rows.length + 1))
  );
}

/**
 * Elo points up to which two ratings are one. The fit comes to rest at a distance of rounding size, so systems of equal strength
 * differ in the last bits, and which of them is ahead would depend on their names.
 */
const sameRating = 1e-3;

/** Place of each rating, highest first, from 1; what is no lower than the one before it by more than `sameRating` shares its place. */
function ranksOf(ratings: readonly number[]): ReadonlyMap<number, number> {
  const ranks = new Map<number, number>();
  let before = Number.POSITIVE_INFINITY;
  let rank = 0;
  for (const [i, rating] of ratings.toSorted((a, b) => b - a).entries()) {
    if (before - rating > sameRating) rank = i + 1;
    ranks.set(rating, rank);
    before = rating;
  }
  return ranks;
}

function stateOf(fit: ReturnType<typeof bradleyTerry>, system: string): Pick<Row, "status" | "reason"> {
  if (fit.status === "unfitted") return { status: "unfitted", reason: fit.reason };
  return fit.systems.some((each) => each.system === system)
    ? { status: "fitted", reason: null }
    : { status: "unfitted", reason: `no comparison of ${system} was decided` };
}

function pointsOf(
  outcomes: readonly { system: string; opponent: string; outcome: string | null }[],
  system: string,
): number {
  return outcomes.reduce((sum, { system: one, opponent, outcome }) => {
    if (outcome === "tie") return one === system || opponent === system ? sum + 0.5 : sum;
    const winner = outcome === "win" ? one : outcome === "lose" ? opponent : null;
    return winner === system ? sum + 1 : sum;
  }, 0);
}
