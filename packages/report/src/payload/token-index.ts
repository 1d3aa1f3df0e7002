import type { TokenView } from "@unshift/contracts/services";
import type { TokenEntry } from "./format.js";

/** Numbers the distinct tokens of a block. Two systems of one vocabulary share their entries. */
export class TokenIndex {
  readonly entries: TokenEntry[] = [];
  readonly #bySystem = new Map<string, Map<number, number>>();
  readonly #byEntry = new Map<string, number>();
  readonly #view: (system: string, id: number) => TokenView;

  constructor(view: (system: string, id: number) => TokenView) {
    this.#view = view;
  }

  of(system: string, id: number): number {
    let known = this.#bySystem.get(system);
    if (known === undefined) {
      known = new Map();
      this.#bySystem.set(system, known);
    }
    let index = known.get(id);
    if (index === undefined) {
      const view = this.#view(system, id);
      index = this.add(id, view.text, view.special);
      known.set(id, index);
    }
    return index;
  }

  /** An id with the text it was stored with. */
  add(id: number, text: string, special: boolean): number {
    const entry: TokenEntry = [id, text, special ? 1 : 0];
    const key = JSON.stringify(entry);
    let index = this.#byEntry.get(key);
    if (index === undefined) {
      index = this.entries.length;
      this.entries.push(entry);
      this.#byEntry.set(key, index);
    }
    return index;
  }

  all(system: string, ids: ArrayLike<number>): number[] {
    return Array.from(ids, (id) => this.of(system, id));
  }
}
