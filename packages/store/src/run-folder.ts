import { dirname, relative, resolve, sep } from "node:path";
import {
  type AnswerRecord,
  type ComparisonRecord,
  type JsonObject,
  type Sample,
  type Table,
  UnshiftError,
  type VerdictRecord,
} from "@unshift/contracts";
import type {
  LedgerRecord,
  Manifest,
  PositionBlock,
  ReplyRecord,
  RunStore,
  ShiftColumns,
  StoredPositions,
  TokenView,
} from "@unshift/contracts/services";
import { writeFileDurably } from "./durable-file.js";
import type { FolderLock } from "./folder-lock.js";
import { jsonLine } from "./json-line.js";
import { makeFolder } from "./make-folder.js";
import { writeManifest } from "./manifest-file.js";
import { DuckDbSession } from "./positions/duckdb-session.js";
import { PartCatalog } from "./positions/part-catalog.js";
import { PositionWriter } from "./positions/position-writer.js";
import { readBlock } from "./positions/read-block.js";
import { readShift } from "./positions/read-shift.js";
import { readRecords } from "./record-file.js";
import { readAnswers, readComparisons, readLedger, readReplies, readVerdicts } from "./record-kinds.js";
import { RecordLog } from "./record-log.js";
import { layoutOf, type RunLayout } from "./run-layout.js";
import { readTables, writeTables } from "./table-files.js";
import { readVocabulary, writeVocabulary } from "./vocabulary-file.js";

/** An open run folder. With a lock it may be written; without one it is read-only and keeps no log. */
export class RunFolder implements RunStore {
  readonly folder: string;
  private current: Manifest;
  private readonly lock: FolderLock | null;
  private readonly layout: RunLayout;
  private readonly session = new DuckDbSession();
  private readonly catalog: PartCatalog;
  private readonly positions: PositionWriter;
  private readonly answerLog: RecordLog;
  private readonly verdictLog: RecordLog;
  private readonly replyLog: RecordLog;
  private readonly ledgerLog: RecordLog;
  private readonly comparisonLog: RecordLog;
  private readonly eventLog: RecordLog;
  private eventFault: unknown = null;
  private closing: Promise<void> | null = null;

  constructor(folder: string, manifest: Manifest, lock: FolderLock | null) {
    this.folder = folder;
    this.current = manifest;
    this.lock = lock;
    this.layout = layoutOf(folder);
    this.catalog = new PartCatalog(this.layout.positions, this.session);
    this.positions = new PositionWriter(this.catalog, this.session);
    this.answerLog = new RecordLog(this.layout.answers);
    this.verdictLog = new RecordLog(this.layout.verdicts);
    this.replyLog = new RecordLog(this.layout.replies);
    this.ledgerLog = new RecordLog(this.layout.ledger);
    this.comparisonLog = new RecordLog(this.layout.comparisons);
    this.eventLog = new RecordLog(this.layout.log, { durable: false });
  }

  manifest(): Manifest {
    return this.current;
  }

  async updateManifest(change: Partial<Omit<Manifest, "format" | "experimentKey" | "createdAt">>): Promise<void> {
    this.mustWrite();
    const { format, experimentKey, createdAt } = this.current;
    const next: Manifest = { ...this.current, ...change, format, experimentKey, createdAt };
    await writeManifest(this.folder, next);
    this.current = next;
  }

  async writeSamples(samples: readonly Sample[]): Promise<void> {
    this.mustWrite();
    await writeFileDurably(this.layout.samples, samples.map(jsonLine).join(""));
  }

  async samples(): Promise<Sample[]> {
    this.mustBeOpen();
    const samples: Sample[] = [];
    for await (const record of readRecords(this.layout.samples)) samples.push(record as Sample);
    return samples;
  }

  async appendAnswer(record: AnswerRecord): Promise<void> {
    this.mustWrite();
    await this.answerLog.append(record);
  }

  async answers(): Promise<AnswerRecord[]> {
    this.mustBeOpen();
    return readAnswers(this.layout.answers);
  }

  async appendVerdict(record: VerdictRecord): Promise<void> {
    this.mustWrite();
    await this.verdictLog.append(record);
  }

  async verdicts(): Promise<VerdictRecord[]> {
    this.mustBeOpen();
    return readVerdicts(this.layout.verdicts);
  }

  async appendReply(record: ReplyRecord): Promise<void> {
    this.mustWrite();
    await this.replyLog.append(record);
  }

  async replies(): Promise<ReplyRecord[]> {
    this.mustBeOpen();
    return readReplies(this.layout.replies);
  }

  async appendLedger(record: LedgerRecord): Promise<void> {
    this.mustWrite();
    await this.ledgerLog.append(record);
  }

  async ledger(): Promise<LedgerRecord[]> {
    this.mustBeOpen();
    return readLedger(this.layout.ledger);
  }

  async appendComparison(record: ComparisonRecord): Promise<void> {
    this.mustWrite();
    await this.comparisonLog.append(record);
  }

  async comparisons(): Promise<ComparisonRecord[]> {
    this.mustBeOpen();
    return readComparisons(this.layout.comparisons);
  }

  async writeVocabulary(hash: string, tokens: readonly TokenView[]): Promise<void> {
    this.mustWrite();
    await writeVocabulary(this.layout.vocabularies, hash, tokens);
  }

  async vocabulary(hash: string): Promise<readonly TokenView[] | null> {
    this.mustBeOpen();
    return readVocabulary(this.layout.vocabularies, hash);
  }

  async writePositions(block: PositionBlock): Promise<void> {
    this.mustWrite();
    await this.positions.write(block);
  }

  async flushPositions(): Promise<void> {
    this.mustWrite();
    await this.positions.flush();
  }

  async positionKeys(): Promise<Set<string>> {
    this.mustBeOpen();
    return new Set((await this.catalog.load()).keys());
  }

  async shiftColumns(shift: string, keys: ReadonlySet<string>): Promise<ShiftColumns> {
    this.mustBeOpen();
    return readShift(this.session, this.catalog, shift, keys);
  }

  async positionsOf(shift: string, sampleId: string, key: string): Promise<StoredPositions | null> {
    this.mustBeOpen();
    return readBlock(this.session, this.catalog, { shift, sampleId, key });
  }

  async writeTables(tables: readonly Table[]): Promise<void> {
    this.mustWrite();
    await writeTables(this.layout.tables, tables);
  }

  async tables(): Promise<Table[]> {
    this.mustBeOpen();
    return readTables(this.layout.tables);
  }

  async writeReport(name: string, content: string | Uint8Array): Promise<string> {
    this.mustWrite();
    const path = resolve(this.layout.report, name);
    const inside = relative(this.layout.report, path);
    if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || resolve(inside) === inside) {
      throw new UnshiftError("INTERNAL", `A report file may not be named "${name}": it would lie outside report/.`);
    }
    await makeFolder(dirname(path));
    await writeFileDurably(path, content);
    return path;
  }

  log(line: JsonObject): void {
    if (this.lock === null || this.closing !== null) return;
    // Nobody waits for the log; what befell it is told once, at the end.
    this.eventLog.append(line).catch((error: unknown) => {
      this.eventFault ??= error;
    });
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    const { answerLog, verdictLog, replyLog, ledgerLog, comparisonLog, eventLog } = this;
    const logs = [answerLog, verdictLog, replyLog, ledgerLog, comparisonLog, eventLog];
    try {
      // Everything is closed whatever fails, and the first failure is told.
      const steps = [this.positions.flush(), ...logs.map((log) => log.close())];
      for (const step of await Promise.allSettled(steps)) if (step.status === "rejected") throw step.reason;
      if (this.eventFault !== null) throw this.eventFault;
    } finally {
      await this.session.close();
      await this.lock?.release();
    }
  }

  private mustBeOpen(): void {
    if (this.closing !== null) throw new UnshiftError("INTERNAL", `${this.folder} was used after it was closed.`);
  }

  private mustWrite(): void {
    this.mustBeOpen();
    if (this.lock === null)
      throw new UnshiftError("INTERNAL", `${this.folder} was opened read-only and cannot be written.`);
  }
}
