import type { TokenView } from "@unshift/contracts/services";

const specialPattern = /<\|[a-z]+\|>/g;

/** A word-level vocabulary that grows as texts are encoded. Shared by all models of a synthetic run. */
export class Vocabulary {
  readonly #ids = new Map<string, number>();
  readonly #views: TokenView[] = [];

  id(text: string, special = false): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#views.length;
    this.#ids.set(text, id);
    this.#views.push({ id, text, special });
    return id;
  }

  view(id: number): TokenView {
    return this.#views[id] ?? { id, text: `<unused ${id}>`, special: false };
  }

  /** Words with their leading space, digits, single marks and line ends; `<|name|>` as one control token. */
  encode(text: string): number[] {
    const ids: number[] = [];
    let last = 0;
    const plain = (part: string): void => {
      for (const match of part.matchAll(/ ?\p{L}+|\d| ?[^\s\p{L}\d]|\s/gsu)) ids.push(this.id(match[0]));
    };
    for (const match of text.matchAll(specialPattern)) {
      plain(text.slice(last, match.index));
      ids.push(this.id(match[0], true));
      last = match.index + match[0].length;
    }
    plain(text.slice(last));
    return ids;
  }

  decode(ids: readonly number[]): string {
    return ids.map((id) => this.view(id).text).join("");
  }
}
