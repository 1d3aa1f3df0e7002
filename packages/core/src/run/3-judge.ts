import { type AnswerRecord, isUnshiftError, UnshiftError, type VerdictRecord } from "@unshift/contracts";
import { JudgedItems, type RunStore } from "@unshift/contracts/services";
import { throwIfAborted } from "./aborted.js";
import type { Asking } from "./asking.js";
import { FailureLimit } from "./failure-limit.js";
import { InARow } from "./in-a-row.js";
import { askings, type JudgeEngines } from "./judge-engines.js";
import { type JudgeWork, judgeWork } from "./judge-items.js";
import { judgeKeyOf } from "./judge-key.js";
import { keyOf } from "./key.js";
import { Ledgers } from "./ledgers.js";
import type { PreparedExperiment, PreparedJudge } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** Codes that end judging: what stops one request stops the next one too. */
const fatal: ReadonlySet<string> = new Set([
  "JUDGE_UNREACHABLE",
  "JUDGE_UNAUTHORIZED",
  "JUDGE_MODEL",
  "JUDGE_RATE_LIMITED",
  "JUDGE_BUDGET",
  "JUDGE_BATCH_UNSUPPORTED",
  "JUDGE_BATCH_FAILED",
  "JUDGE_BATCH_PENDING",
  "JUDGE_REPLY_MISSING",
  "GRAMMAR_UNSUPPORTED",
  "DECODE_FAILED",
  "RUN_NO_SPACE",
  "RUN_NOT_WRITABLE",
]);

/** Which kept verdicts are not left as they are. */
export interface JudgingMode {
  /** Reads the kept replies anew and asks nobody. */
  readonly reparse?: boolean;
  /** Asks anew for verdicts whose replies could not be read, or for all; the replies so far stay in the folder. */
  readonly again?: "unparsed" | "all";
}

/**
 * Stage 3: every judge scores every answer, or every pair of them; verdicts that are there already are kept, failed ones are
 * asked again. Replies of models are kept before they are read.
 */
export async function judge(
  prepared: PreparedExperiment,
  judgeEngines: JudgeEngines,
  answers: readonly AnswerRecord[],
  store: RunStore,
  services: RunServices,
  how: JudgingMode = {},
): Promise<VerdictRecord[]> {
  const stored = new Map((await store.verdicts()).map((record) => [slotOf(record), record]));
  const asked = prepared.judges.some(({ spec }) => spec.engine !== null);
  const memory = {
    replies: asked ? await store.replies() : [],
    ledgers: how.reparse === true ? null : new Ledgers(asked ? await store.ledger() : [], store),
  };
  const engines = askings(prepared, judgeEngines, memory, store, services);
  const failures = new FailureLimit(prepared.loaded.experiment.maxFailures, "judge");
  const items = new JudgedItems(prepared.selection.samples, answers);
  const verdicts: VerdictRecord[] = [];
  for (const judging of prepared.judges) {
    const asking = judging.spec.engine === null ? null : (engines.get(judging.spec.engine) ?? null);
    const judgeKey = judgeKeyOf(judging, judgeEngines);
    const stage = new JudgeStage(judging, judgeKey, items, asking, stored, how, failures, store, services);
    verdicts.push(...(await stage.run(judgeWork(prepared, judging, answers))));
  }
  return verdicts;
}

interface Judged {
  readonly judgement: VerdictRecord["judgement"];
  readonly replies: readonly string[];
  /** What failed, the same for the same fault. */
  readonly fault?: string;
}

/** One judge's work: as many items at once as its engine takes. */
class JudgeStage {
  private readonly fault = new AbortController();
  private readonly signal: AbortSignal;
  private readonly unparsed = new InARow();
  private readonly failed = new InARow();

  constructor(
    private readonly judging: PreparedJudge,
    private readonly judgeKey: string,
    private readonly items: JudgedItems,
    private readonly asking: Asking | null,
    private readonly stored: ReadonlyMap<string, VerdictRecord>,
    private readonly how: JudgingMode,
    private readonly failures: FailureLimit,
    private readonly store: RunStore,
    private readonly services: RunServices,
  ) {
    this.signal = AbortSignal.any([services.signal, this.fault.signal]);
  }

  async run(work: readonly JudgeWork[]): Promise<VerdictRecord[]> {
    const records = work.map((item) => this.kept(item));
    const todo = [...records.keys()].filter((index) => records[index] === undefined);
    this.services.events.stage("judge", this.judging.spec.id, work.length, work.length - todo.length);
    this.countKept(records);
    const next = todo.values();
    const worker = async () => {
      for (const index of next) {
        const item = work[index];
        if (item === undefined || this.signal.aborted) {
          return;
        }
        records[index] = await this.judgeOne(item);
      }
    };
    const atOnce = Math.max(1, Math.min(this.asking?.concurrency ?? 1, todo.length));
    const workers = Array.from({ length: atOnce }, () =>
      // What stops one item for good stops the others; those under way end and are kept.
      worker().catch((error: unknown) => this.fault.abort(error)),
    );
    await Promise.all(workers);
    throwIfAborted(this.services.signal);
    this.fault.signal.throwIfAborted();
    return records.flatMap((record) => record ?? []);
  }

  private kept(item: JudgeWork): VerdictRecord | undefined {
    const record = this.stored.get(slotOf(this.identityOf(item)));
    const fresh = record?.key === this.keyOf(item) && record.judgement.status !== "failed";
    // What asked nobody reads the same again; what asked is what `reparse` and `again` are for.
    const open = this.asking !== null && (this.how.reparse === true || this.isAskedAgain(record));
    return fresh && !open ? record : undefined;
  }

  private isAskedAgain(record: VerdictRecord | undefined): boolean {
    const { again } = this.how;
    return again === "all" || (again === "unparsed" && record?.judgement.status === "unparsed");
  }

  /** What could not be read in an earlier sitting counts in this one: giving the same command again must not hide it. */
  private countKept(records: readonly (VerdictRecord | undefined)[]): void {
    for (const record of records) {
      if (record !== undefined) this.countUnparsed(record.judgement, record.replies ?? []);
    }
  }

  private async judgeOne(item: JudgeWork): Promise<VerdictRecord> {
    const { judgement, replies, fault } = await this.judgement(item);
    const record: VerdictRecord = {
      key: this.keyOf(item),
      judgeKey: this.judgeKey,
      itemKey: this.itemKeyOf(item),
      ...this.identityOf(item),
      ...(replies.length === 0 ? {} : { replies }),
      judgement,
    };
    await this.store.appendVerdict(record);
    this.services.events.tick(judgement.status === "failed" ? "failed" : "done");
    if (judgement.status === "failed") {
      this.failures.add(judgement.reason);
    }
    this.countFailed(judgement, replies, fault);
    this.countUnparsed(judgement, replies);
    return record;
  }

  private async judgement(item: JudgeWork): Promise<Judged> {
    const { judging, services } = this;
    const { repeat, ...judged } = item;
    const again = this.isAskedAgain(this.stored.get(slotOf(this.identityOf(item))));
    const asker = this.asking?.of({ ...this.identityOf(item), repeat }, this.signal, again);
    try {
      const judgement = await judging.judge.judge(judged, this.signal, asker?.ask ?? refuseToAsk(judging.spec.id));
      return { judgement, replies: asker?.keys ?? [] };
    } catch (error) {
      throwIfAborted(services.signal);
      const before = this.stored.get(slotOf(this.identityOf(item)))?.judgement;
      if (isUnshiftError(error) && error.code === "JUDGE_REPLY_MISSING" && before?.status === "failed") {
        // It failed for want of a reply, and still has none: what did get replies is read all the same.
        return { judgement: before, replies: asker?.keys ?? [] };
      }
      if (this.fault.signal.aborted || (isUnshiftError(error) && fatal.has(error.code))) {
        throw error;
      }
      // One item a judge stumbles over must not cost the others their verdicts; the reason is stored and shown.
      const reason = error instanceof Error ? error.message : String(error);
      services.events.note(`judge "${judging.spec.id}" failed on sample ${JSON.stringify(item.sample.id)}: ${reason}`);
      services.log("debug", error instanceof Error ? (error.stack ?? reason) : reason);
      const fault = isUnshiftError(error) ? error.code : reason;
      return { judgement: { status: "failed", reason }, replies: asker?.keys ?? [], fault };
    } finally {
      asker?.end();
    }
  }

  /** An engine that fails whatever it is asked is a fault of the experiment, not of its items. */
  private countFailed(
    judgement: VerdictRecord["judgement"],
    replies: readonly string[],
    fault: string | undefined,
  ): void {
    // An item nobody was asked about says nothing of the engine.
    if (replies.length === 0) {
      return;
    }
    if (judgement.status !== "failed" || fault === undefined) {
      this.failed.end();
      return;
    }
    // By code where there is one: an endpoint may put a number of its own into every message.
    const count = this.failed.add(fault);
    if (count >= this.judging.spec.maxFailed) {
      throw new UnshiftError(
        "JUDGE_FAILING",
        `judge "${this.judging.spec.id}": ${count} items in a row failed in the same way. The last: ${judgement.reason}`,
        {
          hint: "Verdicts so far are kept; the same command asks again for those that failed. `maxFailed` of the judge sets how many in a row are borne.",
        },
      );
    }
  }

  /** A judge none of whose replies can be read is a fault of the experiment, not of its items. */
  private countUnparsed(judgement: VerdictRecord["judgement"], replies: readonly string[]): void {
    // An item nobody was asked about, or whose request failed, says nothing of how replies read.
    if (replies.length === 0 || judgement.status === "failed") {
      return;
    }
    if (judgement.status !== "unparsed") {
      this.unparsed.end();
      return;
    }
    const { reason } = judgement;
    const count = this.unparsed.add(reason);
    if (count >= this.judging.spec.maxUnparsed && this.how.reparse !== true) {
      throw new UnshiftError(
        "JUDGE_UNPARSABLE",
        `judge "${this.judging.spec.id}": ${count} replies in a row cannot be read: ${reason}`,
        {
          hint: "The raw replies are in replies.jsonl of the run folder. Where the endpoint is mended, `unshift judge EXPERIMENT --again unparsed` asks again; where the judge is, `--reparse` reads them again. `maxUnparsed` sets how many are borne.",
        },
      );
    }
  }

  private identityOf({ answer, against, sample, repeat }: JudgeWork) {
    return {
      judge: this.judging.spec.id,
      system: answer.system,
      sampleId: sample.id,
      ...(against === undefined ? {} : { against: against.system }),
      ...(repeat === 1 ? {} : { repeat }),
    };
  }

  /** Everything that changes a verdict: who judges, what is judged, which time it is. */
  private keyOf(item: JudgeWork): string {
    const { repeat } = item;
    return keyOf({ kind: "verdict", judge: this.judgeKey, item: this.itemKeyOf(item), repeat });
  }

  private itemKeyOf(item: JudgeWork): string {
    const key = this.items.keyOf(this.identityOf(item));
    if (key === null) {
      throw new UnshiftError("INTERNAL", `sample ${JSON.stringify(item.sample.id)} is judged and has no answer`);
    }
    return key;
  }
}

function refuseToAsk(judge: string) {
  return async (): Promise<never> => {
    throw new UnshiftError("PLUGIN_INVALID", `judge "${judge}" asks a model, but does not declare \`asks\``);
  };
}

function slotOf({ judge, system, against, sampleId, repeat }: Omit<VerdictRecord, "key" | "judgement">): string {
  return JSON.stringify([judge, system, against ?? null, sampleId, repeat ?? 1]);
}
