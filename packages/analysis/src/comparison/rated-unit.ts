import { byName, type Clustered, inSampleOrder } from "./clustered.js";

/** A category (`"A"`, `"tie"`) or a score. */
export type Rating = string | number;

/** One thing that several raters rated, or one rater several times. */
export interface RatedUnit extends Clustered {
  /** [raters] in the same order for every unit; null and NaN where a rater said nothing. */
  readonly ratings: readonly (Rating | null)[];
}

/** A unit's ratings that are there. */
export function ratingsOf(unit: RatedUnit): Rating[] {
  return unit.ratings.filter((rating): rating is Rating => rating !== null && !Number.isNaN(rating));
}

/** Units with at least two ratings, those that can be compared, in an order that does not depend on the one given. */
export function pairableUnits(units: readonly RatedUnit[]): RatedUnit[] {
  return inSampleOrder(
    units.filter((unit) => ratingsOf(unit).length > 1),
    (a, b) => byName(JSON.stringify(a.ratings), JSON.stringify(b.ratings)),
  );
}
