import type { AnswerRecord } from "../answer.js";
import type { Json, JsonObject } from "../json.js";
import type { VerdictRecord } from "../judge.js";
import type { JudgeReply, JudgeRequest } from "../judge-engine.js";
import type { Sample } from "../sample.js";
import type { ComparisonRecord, PositionColumns } from "../shift.js";
import type { Table } from "../table.js";
import type { TokenView } from "./engine.js";

/** Version of the run folder's layout. A newer one is refused, nothing overwritten. */
export const runFormat = 1;

/** `manifest.json`. */
export interface Manifest {
  readonly format: number;
  readonly name: string;
  /** Hash of what makes two experiments different; another one in the same folder is refused. */
  readonly experimentKey: string;
  /**
   * What may not change in this folder: `{ models: { id: … }, systems: { id: … }, … }`. A map may gain and lose ids; what both have
   * must be equal. Absent in folders of before 2026-11-22: `experimentKey` decides there.
   */
  readonly fixed?: JsonObject;
  readonly unshiftVersion: string;
  readonly createdAt: string;
  /** YAML text, and the frozen experiment with every default. */
  readonly experimentText: string;
  readonly experiment: JsonObject;
  readonly plugins: readonly { readonly name: string; readonly version: string }[];
  readonly models: Readonly<Record<string, JsonObject>>;
  readonly engine: string;
  readonly numerics: string;
  readonly machine: JsonObject;
  readonly dataset: JsonObject;
  /** Visible remarks: vocabularies that only overlap, a limited dataset. */
  readonly notes: readonly string[];
}

/** Positions of one sample, ready to be written. */
export interface PositionBlock {
  readonly key: string;
  readonly shift: string;
  readonly sampleId: string;
  readonly columns: PositionColumns;
  /** Text of an id; called for answer ids only. */
  readonly token: (id: number) => TokenView;
}

/** Positions read back. */
export interface StoredPositions {
  readonly shift: string;
  readonly sampleId: string;
  readonly columns: PositionColumns;
  /** Text of each position's token. */
  readonly tokens: readonly string[];
}

/** The positions of one shift as columns, sorted by sample id (code-unit order), then position. */
export interface ShiftColumns {
  readonly shift: string;
  /** As in {@link PositionColumns}: reference columns and divergences hold NaN, reference ranks 0. */
  readonly withoutReference?: true;
  readonly sampleIds: readonly string[];
  /** [rows] index into `sampleIds` */
  readonly sample: Int32Array;
  /** [rows] 0-based */
  readonly position: Int32Array;
  /** [rows] length of the answer the row is of */
  readonly length: Int32Array;
  readonly tokenId: Int32Array;
  /** Text by token id, for the ids that occur. */
  readonly tokenText: ReadonlyMap<number, string>;
  readonly referenceLogprob: Float64Array;
  readonly subjectLogprob: Float64Array;
  readonly referenceRank: Int32Array;
  readonly subjectRank: Int32Array;
  readonly klReferenceSubject: Float64Array;
  readonly klSubjectReference: Float64Array;
  readonly js: Float64Array;
  readonly tv: Float64Array;
  readonly referenceEntropy: Float64Array;
  readonly subjectEntropy: Float64Array;
  readonly referenceDroppedMass: Float64Array | null;
  readonly subjectDroppedMass: Float64Array | null;
}

/** A request to a judge engine with what came back; kept before it is read. */
export interface ReplyRecord {
  /** Hash of engine, request and repeat: the same is never asked twice. */
  readonly key: string;
  /** Judge id in the experiment. */
  readonly judge: string;
  /** {@link JudgeEngine.identity} */
  readonly engine: string;
  /** Id of the judge engine in the experiment, whose budget it is of; absent of replies from before 2026-11-22. */
  readonly judgeEngine?: string;
  readonly system: string;
  readonly against?: string;
  readonly sampleId: string;
  readonly request: JudgeRequest;
  readonly reply: JudgeReply;
  /** Wall time, retries and waiting included. */
  readonly durationMs: number;
  /** The endpoint's id of the batch it came in, where it came in one. */
  readonly batch?: string;
}

/** A line of a judge engine's ledger. */
export interface LedgerRecord {
  /** {@link JudgeEngine.identity} */
  readonly engine: string;
  readonly name: string;
  /** null: taken out. */
  readonly value: Json | null;
}

/** One run folder, open for one process. */
export interface RunStore {
  readonly folder: string;
  manifest(): Manifest;
  /** Replaces what may change between sittings: notes, machine, which samples, judges; never what the items' keys hang on. */
  updateManifest(change: Partial<Omit<Manifest, "format" | "experimentKey" | "createdAt">>): Promise<void>;

  /** Samples of the run, in dataset order. */
  writeSamples(samples: readonly Sample[]): Promise<void>;
  samples(): Promise<Sample[]>;

  /** Appends are durable when the promise resolves; a torn last line is dropped when the folder is opened again. */
  appendAnswer(record: AnswerRecord): Promise<void>;
  /** Last record of each (system, sample), in file order. */
  answers(): Promise<AnswerRecord[]>;
  appendVerdict(record: VerdictRecord): Promise<void>;
  verdicts(): Promise<VerdictRecord[]>;
  appendReply(record: ReplyRecord): Promise<void>;
  /** All records, in file order: each was paid; the last of a key is the one that is read. */
  replies(): Promise<ReplyRecord[]>;
  appendLedger(record: LedgerRecord): Promise<void>;
  /** Last record of each (engine, name), those that were taken out included. */
  ledger(): Promise<LedgerRecord[]>;
  appendComparison(record: ComparisonRecord): Promise<void>;
  comparisons(): Promise<ComparisonRecord[]>;

  /** Every id of a vocabulary as text, once per vocabulary hash: reports and tables need no model then. */
  writeVocabulary(hash: string, tokens: readonly TokenView[]): Promise<void>;
  vocabulary(hash: string): Promise<readonly TokenView[] | null>;

  /** Buffers blocks and writes whole Parquet parts; a block is durable after `flushPositions`. */
  writePositions(block: PositionBlock): Promise<void>;
  flushPositions(): Promise<void>;
  /** Keys of blocks on disk. */
  positionKeys(): Promise<Set<string>>;
  shiftColumns(shift: string, keys: ReadonlySet<string>): Promise<ShiftColumns>;
  positionsOf(shift: string, sampleId: string, key: string): Promise<StoredPositions | null>;

  writeTables(tables: readonly Table[]): Promise<void>;
  tables(): Promise<Table[]>;
  /** Writes a file below `report/`; returns its absolute path. */
  writeReport(name: string, content: string | Uint8Array): Promise<string>;
  log(line: JsonObject): void;
  close(): Promise<void>;
}

/** Opens run folders. */
export interface StoreOpener {
  /**
   * Whether a run could be kept in `folder`: refuses, before any model is opened and without writing anything, what cannot be
   * written, is full, is no run folder, or was written by a newer version.
   */
  probe(folder: string): Promise<void>;
  /** Checks that the folder can be written before any work. Creates it, or opens it where `manifest.experimentKey` matches. */
  create(folder: string, manifest: Manifest): Promise<RunStore>;
  /** Opens an existing folder: read-only commands, re-analysis. */
  open(folder: string, options?: { readonly readOnly?: boolean }): Promise<RunStore>;
}
