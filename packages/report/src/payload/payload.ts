import { type AnswerRecord, instructionOf, type VerdictRecord } from "@unshift/contracts";
import type { ReportInput } from "@unshift/contracts/services";
import { BlockWriter } from "./block-writer.js";
import { countedVerdicts } from "./counted-verdicts.js";
import {
  previewLength,
  type SampleBlockHeader,
  type SampleDetail,
  type SampleHead,
  type SummaryHeader,
} from "./format.js";
import { judgeHeads } from "./judge-heads.js";
import { PrefixIndex } from "./prefix-index.js";
import { type ComparisonSource, sampleDetail } from "./sample-detail.js";
import { stripOf } from "./strip.js";
import { TokenIndex } from "./token-index.js";
import { VerdictIndex } from "./verdict-index.js";

/** A block closes at whichever comes first, so that opening a sample stays quick where answers are long. */
const samplesPerBlock = 50;
const positionsPerBlock = 5_000;
const charactersPerBlock = 1_000_000;
/** Entries of lists of likeliest tokens in one file, of either model; beyond that lists are cut, all alike, so that the file stays small. */
const mostListed = 2_400_000;
const fewestListed = 3;

/** The blocks of a page, unpacked. */
export interface Payload {
  readonly summary: Uint8Array;
  readonly prefixes: Uint8Array;
}

/**
 * Turns a run into the page's blocks. Sample blocks go to `onBlock` in order as they close, so that only one is held at a time.
 */
export async function buildPayload(input: ReportInput, onBlock: (block: Uint8Array) => void): Promise<Payload> {
  const answers = groupBySample(input.answers);
  const counted = countedVerdicts(input);
  const verdicts = groupBySample(counted);
  const judges = judgeHeads(input.manifest, counted);
  const judged = new VerdictIndex(
    judges,
    input.systems.map(({ id }) => id),
    input.samples.length,
  );
  const comparisons = input.shifts.map(
    (shift) => new Map(shift.comparisons.map((record) => [record.sampleId, record])),
  );
  const view = input.token.bind(input);
  const prefixes = new PrefixIndex(view);
  const heads: SampleHead[] = [];
  const withoutReference = new Set<number>();
  const listed = entriesKept(input);
  let blocks = 0;
  let topK = 0;
  let open = openBlock(view);

  const close = (): void => {
    if (open.samples.length === 0) return;
    const header: SampleBlockHeader = { tokens: open.tokens.entries, samples: open.samples };
    onBlock(open.writer.finish(header));
    blocks += 1;
    open = openBlock(view);
  };

  for (const sample of input.samples) {
    const sources: ComparisonSource[] = [];
    for (const [index, shift] of input.shifts.entries()) {
      const record = comparisons[index]?.get(sample.id);
      const positions = record?.status === "scored" ? await shift.positions(sample.id) : null;
      topK = Math.max(topK, positions?.columns.topK ?? 0);
      if (positions?.columns.withoutReference === true) withoutReference.add(index);
      sources.push({ shift, record, positions });
    }
    const question = instructionOf(sample);
    heads.push({
      id: sample.id,
      question: question.length > previewLength ? `${question.slice(0, previewLength)}…` : question,
      tags: Object.entries(sample.tags).flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)),
      follows: sample.follows ?? null,
      block: blocks,
      index: open.samples.length,
      strips: sources.map(({ positions }) => (positions === null ? null : stripOf(positions.columns))),
    });
    const own = verdicts.get(sample.id) ?? [];
    judged.add(heads.length - 1, own);
    const detail = sampleDetail(sample, answers.get(sample.id) ?? [], own, sources, {
      ...open,
      prefixes,
      verdicts: judged,
      listed,
      view,
    });
    open.samples.push(detail);
    open.characters += charactersOf(detail);
    open.positions += sources.reduce((sum, { positions }) => sum + (positions?.columns.length ?? 0), 0);
    const isFull =
      open.samples.length >= samplesPerBlock ||
      open.positions >= positionsPerBlock ||
      open.characters >= charactersPerBlock;
    if (isFull) close();
  }
  close();

  const writer = new BlockWriter();
  const summary: SummaryHeader = {
    manifest: input.manifest,
    systems: input.systems,
    shifts: input.shifts.map(({ id, answers: answering, subject }, index) => {
      const records = [...(comparisons[index]?.values() ?? [])];
      const having = (wanted: string): number => records.filter(({ status }) => status === wanted).length;
      const firstReason = (wanted: string): string | null =>
        records.find(({ status }) => status === wanted)?.reason?.message ?? null;
      return {
        id,
        answers: answering,
        subject,
        scored: having("scored"),
        skipped: having("skipped"),
        failed: having("failed"),
        firstSkip: firstReason("skipped"),
        firstFailure: firstReason("failed"),
        withoutReference: withoutReference.has(index),
      };
    }),
    // The samples' own figures stand in `samples`.
    tables: input.tables.filter(({ name }) => name !== "samples"),
    samples: heads,
    judges,
    verdicts: judged.columns(writer),
    blocks,
    lists: topK === 0 ? null : { kept: Math.min(listed, topK), of: topK },
    tableCount: input.tables.length,
  };
  return { summary: writer.finish(summary), prefixes: prefixes.finish() };
}

function openBlock(view: ReportInput["token"]): {
  writer: BlockWriter;
  tokens: TokenIndex;
  samples: SampleDetail[];
  positions: number;
  characters: number;
} {
  return { writer: new BlockWriter(), tokens: new TokenIndex(view), samples: [], positions: 0, characters: 0 };
}

/** Entries that lists of likeliest tokens keep: fewer, the more positions are compared. */
function entriesKept({ shifts }: Pick<ReportInput, "shifts">): number {
  let positions = 0;
  for (const { comparisons } of shifts) for (const record of comparisons) positions += record.positions;
  return Math.max(fewestListed, Math.floor(mostListed / Math.max(1, positions)));
}

/** Length of the texts that have no bound of their own. */
function charactersOf({ answers, verdicts }: SampleDetail): number {
  let sum = 0;
  for (const answer of answers) if (answer.status === "answered") sum += answer.text.length + (answer.raw?.length ?? 0);
  for (const { why, raw } of verdicts) sum += (why?.length ?? 0) + (raw?.length ?? 0);
  return sum;
}

function groupBySample<Row extends AnswerRecord | VerdictRecord>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.sampleId);
    if (group === undefined) groups.set(row.sampleId, [row]);
    else group.push(row);
  }
  return groups;
}
