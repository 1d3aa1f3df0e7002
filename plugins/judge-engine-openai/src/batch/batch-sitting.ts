import { setTimeout as sleep } from "node:timers/promises";
import { isUnshiftError, type KeyedRequest, type ManyHost, UnshiftError } from "@unshift/contracts";
import PQueue from "p-queue";
import type { Wording } from "../dialect.js";
import { EndpointFault } from "../endpoint-fault.js";
import type { BatchApi } from "./batch-api.js";
import type { BatchParts } from "./batch-engine.js";
import { BatchLedger, type SentBatch } from "./batch-ledger.js";
import { type Outcome, readLines, requestLine } from "./batch-lines.js";
import { type BatchState, isEnded } from "./read-batch.js";
import { refusedBatch } from "./refused-batch.js";
import { type KeyedLine, splitLines } from "./split-lines.js";

/** A batch that was made and not yet read. */
interface OpenBatch extends SentBatch {
  readonly batch: string;
}

const slower = 1.5;

/**
 * Requests of one call, until each has a reply or a reason: reads what an earlier sitting sent, sends what is missing, waits, and
 * sends again what a batch left unanswered. Every step is in the ledger before the next one depends on it.
 */
export class BatchSitting {
  private readonly missing: Map<string, KeyedRequest>;
  private readonly ledger: BatchLedger;
  private readonly open = new Map<string, OpenBatch>();
  private readonly states = new Map<string, BatchState>();
  private readonly wordings = new Map<string, Wording>();
  private readonly tries = new Map<string, number>();
  private readonly learned = new Set<string>();
  /** One at a time: a file is large. */
  private readonly reading = new PQueue({ concurrency: 1 });
  private readonly until: number;

  constructor(
    private readonly parts: BatchParts,
    private readonly api: BatchApi,
    requests: readonly KeyedRequest[],
    private readonly host: ManyHost,
  ) {
    this.missing = new Map(requests.map((request) => [request.key, request]));
    this.ledger = new BatchLedger(host.ledger);
    const { maxWaitMinutes } = parts.options;
    this.until = maxWaitMinutes === null ? Number.POSITIVE_INFINITY : performance.now() + maxWaitMinutes * 60_000;
  }

  async run(): Promise<void> {
    try {
      await this.findSent();
      while (this.missing.size > 0) {
        const before = this.missing.size;
        const stop = await this.send();
        const faults = await this.followAll();
        const moved = this.missing.size < before;
        const fault = [...faults, stop].find((each) => each !== null && !(moved && isShortage(each)));
        if (fault !== undefined && this.missing.size > 0) throw fault;
      }
    } catch (error) {
      this.tellOpen();
      if (this.host.signal.aborted) {
        throw new UnshiftError("ABORTED", "interrupted while batches were waited for; the same command goes on");
      }
      throw forUser(error);
    }
  }

  /** Finds the batches of earlier sittings that hold what is asked now. */
  private async findSent(): Promise<void> {
    const found: string[] = [];
    for (const sent of this.ledger.sent()) {
      const wanted = sent.keys.filter((key) => this.missing.has(key));
      if (wanted.length === 0) {
        // Read to its end by a sitting that was killed before it could say so.
        if (sent.keys.every((key) => this.host.has(key))) await this.ledger.remove(sent);
        continue;
      }
      const batch = sent.batch ?? (await this.batchOf(sent));
      if (batch === null) continue;
      this.open.set(sent.file, { ...sent, batch });
      this.host.resume(wanted);
      for (const key of wanted) this.word(key);
      found.push(...wanted);
    }
    if (found.length > 0) {
      this.host.note(
        `${namesOf([...this.open.values()])} of an earlier sitting: ${countOf(found.length)} not sent again`,
      );
    }
  }

  /** The batch that was made of a file without being told. null, and the file taken back, where there is none. */
  private async batchOf(sent: SentBatch): Promise<string | null> {
    const made = await this.api.find(sent.file);
    if (made !== null) {
      await this.ledger.keep({ ...sent, batch: made.id });
      return made.id;
    }
    try {
      await this.api.remove(sent.file);
    } catch (error) {
      this.host.signal.throwIfAborted();
      // It costs nothing where it is.
      this.parts.log("info", `file ${sent.file} is left where it is: ${error instanceof Error ? error.message : ""}`);
    }
    await this.ledger.remove(sent);
    return null;
  }

  /**
   * Sends what is missing and not yet under way.
   *
   * @returns what kept it from sending all; what was sent is under way all the same
   */
  private async send(): Promise<unknown> {
    const underWay = new Set([...this.open.values()].flatMap(({ keys }) => keys));
    const unsent = [...this.missing.keys()].filter((key) => !underWay.has(key));
    try {
      for (const file of splitLines(this.linesOf(unsent), this.parts.options.maxRequests)) {
        await this.sendOne(
          file.map(({ key }) => key),
          file.map(({ line }) => line).join(""),
        );
      }
      return null;
    } catch (error) {
      this.host.signal.throwIfAborted();
      return error;
    }
  }

  private *linesOf(keys: readonly string[]): Generator<KeyedLine> {
    for (const key of keys) yield { key, line: requestLine(key, this.word(key).body) };
  }

  private async sendOne(keys: readonly string[], text: string): Promise<void> {
    this.host.admit(keys);
    const file = await this.api.upload(text);
    await this.ledger.keep({ file, batch: null, keys });
    const state = await this.made(file);
    const sent = { file, batch: state.id, keys };
    this.open.set(file, sent);
    this.states.set(file, state);
    await this.ledger.keep(sent);
    this.parts.log("info", `batch ${state.id} with ${countOf(keys.length)} is under way`);
  }

  private async made(file: string): Promise<BatchState> {
    try {
      return await this.api.create(file, this.parts.options.window);
    } catch (error) {
      // Refused for good: nothing was made. Where that is not clear the ledger keeps the file, and a later sitting looks.
      if (error instanceof EndpointFault && error.status !== null && !error.passes) await this.ledger.remove({ file });
      if (isUnshiftError(error) && error.code === "JUDGE_BATCH_UNSUPPORTED") await this.ledger.remove({ file });
      throw error;
    }
  }

  /** Waits for all open batches and reads them. @returns what went wrong with batches as a whole */
  private async followAll(): Promise<unknown[]> {
    const ends = await Promise.allSettled([...this.open.values()].map((sent) => this.follow(sent)));
    this.host.signal.throwIfAborted();
    return ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  }

  private async follow(sent: OpenBatch): Promise<void> {
    try {
      const state = await this.untilEnded(sent);
      await this.reading.add(() => this.read(sent, state));
    } catch (error) {
      // The endpoint does not know it: nothing goes on there.
      if (isUnshiftError(error) && error.code === "JUDGE_BATCH_FAILED") this.open.delete(sent.file);
      throw error;
    }
  }

  private async untilEnded(sent: OpenBatch): Promise<BatchState> {
    const longest = this.parts.options.pollSeconds * 1000;
    for (let wait = this.parts.firstPollMs; ; wait *= slower) {
      const state = await this.api.look(sent.batch);
      this.states.set(sent.file, state);
      this.tellWaiting();
      if (isEnded(state)) return state;
      const left = this.until - performance.now();
      if (left <= 0) throw this.pending();
      await sleep(Math.min(wait, longest, left), undefined, { signal: this.host.signal });
    }
  }

  private async read(sent: OpenBatch, state: BatchState): Promise<void> {
    const texts: (string | null)[] = [];
    for (const file of [state.outputFile, state.errorFile]) {
      if (file !== null) texts.push(await this.api.read(file));
    }
    if (texts.includes(null)) {
      this.host.note(`batch ${sent.batch}: the endpoint no longer has its replies; its requests are asked again`);
    }
    const outcomes = new Map<string, Outcome>();
    for (const text of texts) {
      const lines = readLines(text ?? "", this.api.calls);
      if (lines.broken > 0) this.parts.log("warn", `batch ${sent.batch}: ${lines.broken} lines cannot be read`);
      // The output stands before the errors: where both name a request, it has its reply.
      for (const [key, outcome] of lines.outcomes) if (!outcomes.has(key)) outcomes.set(key, outcome);
    }
    const wanted = sent.keys.filter((key) => this.missing.has(key));
    // What failed or was cancelled as a whole is told as a whole.
    const silence = state.status === "failed" || state.status === "cancelled" ? null : this.unanswered(state);
    await Promise.all(
      wanted.map(async (key) => {
        const outcome = outcomes.get(key) ?? silence;
        if (outcome !== null) await this.settle(key, outcome, sent.batch);
      }),
    );
    await this.close(sent, state, new Set(wanted));
  }

  /** Replies that nobody asks for now stay where a later sitting finds them. */
  private async close(sent: OpenBatch, state: BatchState, read: ReadonlySet<string>): Promise<void> {
    this.open.delete(sent.file);
    this.states.delete(sent.file);
    const rest = sent.keys.filter((key) => !read.has(key) && !this.host.has(key));
    if (rest.length > 0 && state.outputFile !== null) await this.ledger.keep({ ...sent, keys: rest });
    else await this.ledger.remove(sent);
    const left = sent.keys.filter((key) => this.missing.has(key)).length;
    if (state.status === "failed" || (state.status === "cancelled" && left > 0)) {
      throw refusedBatch(state, { sent: sent.keys.length, left }, this.api.calls.endpoint);
    }
    if (left > 0) this.host.note(`batch ${sent.batch} ${state.status}: ${countOf(left)} are asked again`);
  }

  private async settle(key: string, outcome: Outcome, batch: string): Promise<void> {
    if (!(outcome instanceof EndpointFault)) {
      await this.host.reply(key, { ...outcome, ...this.wordings.get(key)?.unsent }, batch);
      this.missing.delete(key);
      return;
    }
    const sent = this.wordings.get(key);
    const learned = sent === undefined ? null : this.parts.dialect.learn(outcome, sent);
    if (learned !== null) {
      if (!this.learned.has(learned)) this.parts.log("warn", `${outcome.message}: ${learned}`);
      this.learned.add(learned);
      return;
    }
    const tries = (this.tries.get(key) ?? 0) + 1;
    this.tries.set(key, tries);
    if (outcome.passes && tries <= this.parts.patience.retries) return;
    this.host.fail(key, outcome.forUser(tries));
    this.missing.delete(key);
  }

  /** A request of which an ended batch says nothing. */
  private unanswered(state: BatchState): EndpointFault {
    const { host } = this.api.calls.endpoint;
    return new EndpointFault(`${host} ended a batch (${state.status}) without a word on the request`, {
      code: "JUDGE_RESPONSE",
      passes: true,
    });
  }

  private word(key: string): Wording {
    const { request, repeat } = this.missing.get(key) as KeyedRequest;
    const wording = this.parts.dialect.word(request, repeat);
    this.wordings.set(key, wording);
    return wording;
  }

  private pending(): UnshiftError {
    return new UnshiftError(
      "JUDGE_BATCH_PENDING",
      `${this.waitedFor()} not finished within batch.maxWaitMinutes (${this.parts.options.maxWaitMinutes})`,
      { hint: "Give the same command again later: it reads the replies, and nothing is paid twice." },
    );
  }

  private tellWaiting(): void {
    this.host.waiting(this.waitedFor());
  }

  private waitedFor(): string {
    const states = [...this.open.values()].map(({ file, keys }) => ({ keys, state: this.states.get(file) }));
    const total = states.reduce((sum, { keys, state }) => sum + (state?.counts?.total ?? keys.length), 0);
    const ended = states.reduce((sum, { state }) => sum + (state?.counts?.ended ?? 0), 0);
    const status = [...new Set(states.map(({ state }) => state?.status ?? "sent"))].join(", ").replaceAll("_", " ");
    const batches = states.length === 1 ? "1 batch" : `${states.length} batches`;
    return `${batches} at ${this.api.calls.endpoint.host} (${status}): ${ended} of ${countOf(total)}`;
  }

  /** What goes on without this process. */
  private tellOpen(): void {
    const open = [...this.open.values()];
    if (open.length === 0) return;
    const keys = open.flatMap((each) => each.keys);
    this.host.note(
      `${namesOf(open)} with ${countOf(keys.length)} ${open.length === 1 ? "goes" : "go"} on at ${this.api.calls.endpoint.host}; the same command reads the replies`,
    );
  }
}

/** No room at the endpoint, or in the budget: there may be some once other batches have ended. */
function isShortage(error: unknown): boolean {
  return error instanceof EndpointFault
    ? error.passes && error.code === "JUDGE_RATE_LIMITED"
    : isUnshiftError(error) && error.code === "JUDGE_BUDGET";
}

/** A fault of a batch as a whole is one of all its requests, so it is told as that. */
function forUser(error: unknown): unknown {
  if (!(error instanceof Error) || isUnshiftError(error)) return error;
  if (error instanceof EndpointFault && error.code !== "JUDGE_RESPONSE") return error.forUser(1);
  const hint = error instanceof EndpointFault ? error.hint : undefined;
  return new UnshiftError("JUDGE_BATCH_FAILED", error.message, { hint, cause: error });
}

function countOf(requests: number): string {
  return requests === 1 ? "1 request" : `${requests} requests`;
}

function namesOf(batches: readonly OpenBatch[]): string {
  const ids = batches.map(({ batch }) => batch).join(", ");
  return batches.length === 1 ? `batch ${ids}` : `${batches.length} batches (${ids})`;
}
