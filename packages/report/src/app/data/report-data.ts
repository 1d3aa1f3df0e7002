import { type Block, readBlock } from "../../payload/block-reader.js";
import type { ColumnArray, ColumnRef } from "../../payload/columns.js";
import {
  elementIds,
  type PrefixHeader,
  type SampleBlockHeader,
  type SampleDetail,
  type SampleHead,
  type SummaryHeader,
  type TokenEntry,
  type VerdictState,
  verdictStates,
} from "../../payload/format.js";
import { type TableView, tableView } from "./table-view.js";
import { unpack } from "./unpack.js";

/** A sample with the block its columns lie in. */
export interface OpenSample {
  readonly head: SampleHead;
  readonly detail: SampleDetail;
  readonly block: Block<SampleBlockHeader>;
}

/** Blocks kept unpacked: going back and forth between neighbours stays instant. */
const keptBlocks = 4;

/** The page's data: the summary at once, samples on demand. */
export class ReportData {
  readonly summary: SummaryHeader;
  readonly #blocks = new Map<number, Promise<Block<SampleBlockHeader>>>();
  readonly #tables: ReadonlyMap<string, TableView>;
  readonly #byId: ReadonlyMap<string, number>;
  readonly #summary: Block<SummaryHeader>;
  readonly #columns = new Map<string, ColumnArray | null>();
  #prefixes: Promise<Block<PrefixHeader>> | null = null;

  private constructor(block: Block<SummaryHeader>) {
    const summary = block.header;
    this.#summary = block;
    this.summary = summary;
    this.#tables = new Map(summary.tables.map((table) => [table.name, tableView(table)]));
    this.#byId = new Map(summary.samples.map(({ id }, index) => [wellFormed(id), index]));
  }

  static async load(): Promise<ReportData> {
    return new ReportData(readBlock<SummaryHeader>(await unpack(elementIds.summary)));
  }

  /** A table with rows, or null. */
  table(name: string): TableView | null {
    const view = this.#tables.get(name);
    return view === undefined || view.rows.length === 0 ? null : view;
  }

  /** Place of a sample in the dataset's order, or null. */
  indexOf(id: string): number | null {
    return this.#byId.get(wellFormed(id)) ?? null;
  }

  /** A judge's scores of a system in an aspect, by sample (NaN: none); null where there is no verdict with one. */
  scores(judge: number, aspect: number, system: number): ColumnArray | null {
    return this.#column(`${judge} ${aspect} ${system}`, () =>
      this.summary.verdicts.scores.find(
        (column) => column.judge === judge && column.aspect === aspect && column.system === system,
      ),
    );
  }

  /** States of a judge's verdicts, by sample: sums of `verdictStates`. */
  states(judge: number): ColumnArray | null {
    return this.#column(`${judge}`, () => this.summary.verdicts.states.find((column) => column.judge === judge));
  }

  /** Whether any verdict of a judge is in a state. */
  hasState(judge: number, state: VerdictState): boolean {
    const column = this.states(judge);
    return column?.some((bits) => (bits & verdictStates[state]) !== 0) ?? false;
  }

  async sample(index: number): Promise<OpenSample | null> {
    const head = this.summary.samples[index];
    if (head === undefined) return null;
    const block = await this.#block(head.block);
    const detail = block.header.samples[head.index];
    return detail === undefined ? null : { head, detail, block };
  }

  /** Tokens of a static prefix. */
  async prefix(index: number): Promise<TokenEntry[]> {
    this.#prefixes ??= unpack(elementIds.prefixes).then((bytes) => readBlock<PrefixHeader>(bytes));
    const block = await this.#prefixes;
    const ref = block.header.prefixes[index];
    return ref === undefined ? [] : tokensAt(block.header.tokens, block.column(ref));
  }

  #column(key: string, find: () => { readonly values: ColumnRef } | undefined): ColumnArray | null {
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const found = find();
    const column = found === undefined ? null : this.#summary.column(found.values);
    this.#columns.set(key, column);
    return column;
  }

  #block(index: number): Promise<Block<SampleBlockHeader>> {
    let block = this.#blocks.get(index);
    if (block === undefined) {
      block = unpack(elementIds.block(index)).then((bytes) => readBlock<SampleBlockHeader>(bytes));
      const oldest = this.#blocks.keys().next();
      if (this.#blocks.size >= keptBlocks && !oldest.done) this.#blocks.delete(oldest.value);
    } else {
      this.#blocks.delete(index);
    }
    this.#blocks.set(index, block);
    return block;
  }
}

/** The entries that a column of indexes names. */
export function tokensAt(entries: readonly TokenEntry[], indexes: ArrayLike<number>): TokenEntry[] {
  return Array.from(indexes, (index) => entries[index] ?? [-1, "", 0]);
}

/** Lone surrogates cannot stand in an address. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD");
}
