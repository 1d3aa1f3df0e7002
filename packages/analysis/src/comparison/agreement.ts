import type { BootstrapOptions } from "../statistics/cluster-bootstrap.js";
import { clusterBootstrap, shareStatistic } from "../statistics/cluster-bootstrap.js";
import { clusterSums } from "../statistics/cluster-sums.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import type { Random } from "../statistics/seeded-random.js";
import { clustersOf } from "./clustered.js";
import { cohenKappa, type Kappa, type KappaOptions } from "./cohen-kappa.js";
import { type Alpha, krippendorffAlpha, type MeasurementLevel } from "./krippendorff-alpha.js";
import { pairableUnits, type RatedUnit, ratingsOf } from "./rated-unit.js";

/** How far judges, or judges and people, say the same of the same answers. */
export interface Agreement {
  /** Share of pairs of ratings that are equal, averaged over units; 0–1. Not corrected for chance. */
  readonly raw: Estimate;
  /** Units with at least two ratings. */
  readonly units: number;
  readonly alpha: Alpha;
  /** Cohen's, for two raters: unweighted for categories, quadratic weights for ordinal and interval ratings. Null for more. */
  readonly kappa: Kappa | null;
}

export interface AgreementOptions extends BootstrapOptions {
  readonly level: MeasurementLevel;
  /** For kappa: see `KappaOptions`. */
  readonly scale?: KappaOptions["scale"];
}

/** Raw agreement, Krippendorff's alpha and, for two raters, Cohen's kappa, with 95 % bootstrap intervals over clusters of units. */
export function agreement(units: readonly RatedUnit[], random: Random, options: AgreementOptions): Agreement {
  const { level, scale, ...bootstrap } = options;
  const kappaOptions: KappaOptions = {
    ...bootstrap,
    weights: level === "nominal" ? "none" : "quadratic",
    ...(scale === undefined ? {} : { scale }),
  };
  return {
    ...rawAgreement(units, random, bootstrap),
    alpha: krippendorffAlpha(units, level, random, bootstrap),
    kappa: units.every(({ ratings }) => ratings.length === 2) ? cohenKappa(units, random, kappaOptions) : null,
  };
}

/** Mean over units with at least two ratings of the share of their pairs that are equal; units weigh the same. */
export function rawAgreement(
  units: readonly RatedUnit[],
  random: Random,
  options: BootstrapOptions = {},
): Pick<Agreement, "raw" | "units"> {
  const pairable = pairableUnits(units);
  const clusters = clustersOf(pairable);
  const sums = clusterSums(clusters.count, 2);
  for (const [i, unit] of pairable.entries()) {
    const at = 2 * (clusters.of[i] as number);
    sums.data[at] = (sums.data[at] as number) + 1;
    sums.data[at + 1] = (sums.data[at + 1] as number) + equalShare(unit);
  }
  const [raw = undefinedEstimate] = clusterBootstrap(sums, [shareStatistic(1, 0)], random, options);
  return { raw, units: pairable.length };
}

function equalShare(unit: RatedUnit): number {
  const ratings = ratingsOf(unit);
  let equal = 0;
  for (const [i, rating] of ratings.entries()) {
    for (const other of ratings.slice(0, i)) if (other === rating) equal++;
  }
  return equal / ((ratings.length * (ratings.length - 1)) / 2);
}
