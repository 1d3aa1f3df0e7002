import { nameOf, type RowPlace, rowError } from "./row.js";

/** A row that goes on with a sample that was not there yet. */
interface Waiting {
  readonly id: string;
  readonly follows: string;
  readonly place: RowPlace;
}

/**
 * Which sample follows which. A turn stands behind the one it follows, so that a chat can be asked in the order of the file; the
 * first row that breaks this is kept, and told when all ids are known.
 */
export class TurnOrder {
  readonly #column: string;
  readonly #followed = new Map<string, string>();
  #broken: Waiting | null = null;

  /** @param column as the file names it, for messages */
  constructor(column: string) {
    this.#column = column;
  }

  /** @param known whether `follows` is the id of an earlier sample */
  add(id: string, follows: string, known: boolean, place: RowPlace): void {
    this.#followed.set(id, follows);
    if (!known) this.#broken ??= { id, follows, place };
  }

  /** Whether a sample has been met that cannot be asked. */
  get isBroken(): boolean {
    return this.#broken !== null;
  }

  /** @throws DATASET_FIELD at the row that follows itself, a later sample or none */
  check(places: ReadonlyMap<string, RowPlace>): void {
    if (this.#broken === null) return;
    const { id, follows, place } = this.#broken;
    const there = places.get(follows);
    const circle = this.#circleFrom(id);
    const what = `"${this.#column}" is "${follows}"`;
    if (circle !== null) {
      throw rowError("DATASET_FIELD", place, `${what}, which goes in a circle: ${circle.join(" follows ")}`);
    }
    throw there === undefined
      ? rowError("DATASET_FIELD", place, `${what}, and no sample has this id`)
      : rowError("DATASET_FIELD", place, `${what}, which stands below it, at ${nameOf(there)}`, {
          hint: "A turn stands behind the one it follows: move it down.",
        });
  }

  /** `[a, b, a]` */
  #circleFrom(start: string): readonly string[] | null {
    const chain = [start];
    for (let next = this.#followed.get(start); next !== undefined; next = this.#followed.get(next)) {
      if (next !== start && chain.includes(next)) return null;
      chain.push(next);
      if (next === start) return chain;
    }
    return null;
  }
}
