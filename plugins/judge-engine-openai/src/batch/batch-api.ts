import { setTimeout as sleep } from "node:timers/promises";
import { UnshiftError } from "@unshift/contracts";
import { toFile } from "openai";
import pRetry from "p-retry";
import type { CallLimit, EndpointCalls } from "../endpoint-calls.js";
import { EndpointFault } from "../endpoint-fault.js";
import { shortened } from "../endpoint-words.js";
import { type BatchState, idOf, readBatch } from "./read-batch.js";

/** How often, and how patiently, a call is repeated after a fault that may pass. */
export interface Patience {
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly maxRetryAfterMs: number;
}

/** Where batches send their requests, as their lines name it. */
export const batchPath = "/v1/chat/completions";

const longestDelayMs = 30_000;
/** Node's fetch waits no longer for an answer to begin. */
const fileLimit: CallLimit = {
  timeoutMs: 300_000,
  hint: "Make smaller batches (`batch.maxRequests`), or go on over a faster network.",
};
/** Statuses of a path that a server does not have. */
const absent = new Set([404, 405, 501]);
const listedAtOnce = 100;

/** The Files and Batches API of an endpoint. What may pass is asked again; all throw EndpointFault, or the signal's reason. */
export class BatchApi {
  constructor(
    readonly calls: EndpointCalls,
    private readonly patience: Patience,
    private readonly signal: AbortSignal,
  ) {}

  /** @returns the file's id. Throws JUDGE_BATCH_UNSUPPORTED too. */
  async upload(text: string): Promise<string> {
    const file = await toFile(Buffer.from(text, "utf8"), "unshift.jsonl", { type: "application/jsonl" });
    const made = await this.offered(() =>
      this.again(() =>
        this.calls.call(
          (client, options) => client.files.create({ file, purpose: "batch" }, options),
          this.signal,
          fileLimit,
        ),
      ),
    );
    const id = idOf(made?.id);
    if (id === null) throw this.calls.unusable(`${this.host} took a file and did not say its id`);
    return id;
  }

  /**
   * Makes a batch of a file, once: where it is not clear whether one was made, it is looked for before another try.
   *
   * @throws JUDGE_BATCH_UNSUPPORTED too
   */
  async create(file: string, window: string): Promise<BatchState> {
    const body = { input_file_id: file, endpoint: batchPath, completion_window: window as "24h" } as const;
    let unclear = false;
    return this.offered(() =>
      this.again(async () => {
        const made = unclear ? await this.find(file) : null;
        if (made !== null) return made;
        unclear = true;
        return this.state(
          await this.calls.call((client, options) => client.batches.create(body, options), this.signal),
        );
      }),
    );
  }

  /** The batch that was made of a file, null where none was. Throws JUDGE_BATCH_FAILED where the endpoint does not list. */
  async find(file: string): Promise<BatchState | null> {
    for (let after: string | undefined; ; ) {
      const page = await this.page(file, after);
      const found = page.find(({ inputFile }) => inputFile === file);
      if (found !== undefined) return found;
      after = page.at(-1)?.id;
      if (page.length < listedAtOnce || after === undefined) return null;
    }
  }

  async look(id: string): Promise<BatchState> {
    try {
      return await this.again(async () =>
        this.state(await this.calls.call((client, options) => client.batches.retrieve(id, options), this.signal)),
      );
    } catch (error) {
      if (!isAbsent(error)) throw error;
      throw new UnshiftError("JUDGE_BATCH_FAILED", `${this.host} knows no batch ${id} ${said(error)}`, {
        hint: "Is `apiKey` that of the account that made it? Where the batch is gone for good, take its line out of ledger.jsonl in the run folder: its requests are then asked again.",
      });
    }
  }

  /** Text of a file; null where there is none any more. */
  async read(file: string): Promise<string | null> {
    try {
      return await this.again(() =>
        this.calls.call(
          async (client, options) => (await client.files.content(file, options)).text(),
          this.signal,
          fileLimit,
        ),
      );
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  async remove(file: string): Promise<void> {
    await this.calls.call((client, options) => client.files.delete(file, options), this.signal);
  }

  private get host(): string {
    return this.calls.endpoint.host;
  }

  private async page(file: string, after: string | undefined): Promise<BatchState[]> {
    const query = { limit: listedAtOnce, ...(after === undefined ? {} : { after }) };
    try {
      const { data } = await this.again(() =>
        this.calls.call((client, options) => client.batches.list(query, options), this.signal),
      );
      // An endpoint that has nothing to list may say `null`.
      const listed: readonly unknown[] = Array.isArray(data) ? data : [];
      return listed.flatMap((each) => readBatch(each) ?? []);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      throw new UnshiftError(
        "JUDGE_BATCH_FAILED",
        `${this.host} lists no batches ${said(error)}: whether one was made of file ${file} cannot be found out`,
        {
          hint: "Look at the endpoint's own pages. Where none was made, take the file's line out of ledger.jsonl in the run folder: its requests are then sent again.",
        },
      );
    }
  }

  private state(answer: unknown): BatchState {
    const state = readBatch(answer);
    if (state === null) throw this.calls.unusable(`${this.host} answers, but not with a batch`);
    return state;
  }

  private async offered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      if (!isAbsent(error) || /model_not_found/.test(error.words)) throw error;
      throw new UnshiftError("JUDGE_BATCH_UNSUPPORTED", `${this.host} takes no batches ${said(error)}`, {
        hint: "Leave `batch` out: requests are then asked one by one. Or name an endpoint that has `/files` and `/batches`.",
      });
    }
  }

  private again<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { retries, firstDelayMs, maxRetryAfterMs } = this.patience;
    return pRetry(ask, {
      retries,
      minTimeout: firstDelayMs,
      maxTimeout: longestDelayMs,
      factor: 2,
      randomize: true,
      signal: this.signal,
      onFailedAttempt: async ({ error }) => {
        if (!(error instanceof EndpointFault) || !error.passes || error.waitMs === null) return;
        if (error.waitMs > maxRetryAfterMs) throw error.tooLong(maxRetryAfterMs);
        await sleep(error.waitMs, undefined, { signal: this.signal });
      },
      shouldRetry: ({ error }) => error instanceof EndpointFault && error.passes,
    });
  }
}

function isAbsent(error: unknown): error is EndpointFault & { readonly status: number } {
  return error instanceof EndpointFault && error.status !== null && absent.has(error.status);
}

function said({ status, words }: EndpointFault): string {
  // Servers without codes of their own name the status as one.
  const text = shortened(words).replace(`${status} `, "");
  return `(${status}${text === "" ? "" : `: ${text}`})`;
}
