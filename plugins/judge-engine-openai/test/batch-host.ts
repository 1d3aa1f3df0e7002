import { type Json, type JudgeReply, type KeyedRequest, type ManyHost, UnshiftError } from "@unshift/contracts";
import type { EngineTimes } from "../src/create-endpoint-engine.js";
import type { EndpointOptions } from "../src/endpoint-options.js";
import { openEngine } from "./open-engine.js";

/** What outlives a process: the run folder. */
export interface Disk {
  readonly ledger: Map<string, Json>;
  readonly replies: Map<string, { readonly reply: JudgeReply; readonly batch: string }>;
}

export const emptyDisk = (): Disk => ({ ledger: new Map(), replies: new Map() });

/** Requests with keys of their own. */
export function requestsOf(count: number, more: Partial<KeyedRequest["request"]> = {}): KeyedRequest[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `key-${String(index).padStart(4, "0")}`,
    request: {
      id: "scores",
      messages: [{ role: "user", content: `question ${index}` }],
      maxTokens: 20,
      temperature: 0,
      ...more,
    },
    repeat: 0,
  }));
}

export interface Sitting {
  readonly faults: ReadonlyMap<string, UnshiftError>;
  readonly notes: readonly string[];
  readonly waiting: readonly string[];
  readonly log: readonly string[];
  readonly admitted: readonly (readonly string[])[];
  readonly resumed: readonly string[];
  /** What `askMany` threw. */
  readonly error: unknown;
}

export interface SittingOptions {
  readonly engine?: Partial<EndpointOptions>;
  readonly times?: Partial<EngineTimes>;
  readonly signal?: AbortSignal;
  /** Writes to the disk that succeed before the process is as good as dead. */
  readonly writes?: number;
  admit?(keys: readonly string[]): void;
  onWaiting?(what: string): void;
}

/** One process: asks for what the disk has no replies to, as the host of a run does. */
export async function sit(
  baseURL: string,
  disk: Disk,
  requests: readonly KeyedRequest[],
  { engine: written = {}, times, signal, writes = Number.POSITIVE_INFINITY, ...given }: SittingOptions = {},
): Promise<Sitting> {
  const { engine, log } = await openEngine(baseURL, { batch: true, retries: 2, ...written }, times);
  const death = new AbortController();
  let left = writes;
  const write = async (effect: () => void) => {
    if (left <= 0) death.abort();
    death.signal.throwIfAborted();
    left -= 1;
    effect();
    await Promise.resolve();
  };
  const faults = new Map<string, UnshiftError>();
  const [notes, waiting, resumed]: string[][] = [[], [], []];
  const admitted: (readonly string[])[] = [];
  const host: ManyHost = {
    signal: AbortSignal.any([death.signal, ...(signal === undefined ? [] : [signal])]),
    ledger: {
      entries: disk.ledger,
      write: (name, value) =>
        write(() => {
          // As it would come back from a file.
          if (value === null) disk.ledger.delete(name);
          else disk.ledger.set(name, JSON.parse(JSON.stringify(value)) as Json);
        }),
    },
    has: (key) => disk.replies.has(key),
    admit: (keys) => {
      given.admit?.(keys);
      admitted.push(keys);
    },
    resume: (keys) => void resumed?.push(...keys),
    reply: (key, reply, batch) =>
      write(() => {
        if (disk.replies.has(key)) throw new Error(`${key} has a reply already`);
        disk.replies.set(key, { reply, batch });
      }),
    fail: (key, error) => void faults.set(key, error),
    waiting: (what) => {
      waiting?.push(what);
      given.onWaiting?.(what);
    },
    note: (message) => void notes?.push(message),
  };
  const open = requests.filter(({ key }) => !disk.replies.has(key));
  let error: unknown = null;
  try {
    if (engine.askMany === undefined) throw new Error("the engine takes no batches");
    await engine.askMany(open, host);
  } catch (thrown) {
    error = thrown;
  }
  return { faults, notes: notes ?? [], waiting: waiting ?? [], log, admitted, resumed: resumed ?? [], error };
}
