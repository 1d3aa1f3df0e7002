import { type AnsweredRecord, type AnswerRecord, batchShare, type JudgeRequest, mostTokens } from "@unshift/contracts";
import type { ReplyRecord } from "@unshift/contracts/services";
import { replyKey } from "./asking.js";
import type { JudgeEngines } from "./judge-engines.js";
import { type JudgeWork, judgeWork } from "./judge-items.js";
import type { PreparedExperiment, PreparedJudge } from "./prepared-experiment.js";

/** What the judges of one engine would ask. */
export interface PlannedJudging {
  readonly requests: number;
  /** Requests whose reply is in the run folder. */
  readonly cached: number;
  readonly toDo: number;
  /** Of requests to do: their text at four bytes a token; an answer that is not there yet counts at its longest. */
  readonly promptTokens: number;
  /** Upper bound: the longest replies. */
  readonly maxReplyTokens: number;
  /** Of both, in the currency of the prices; null where nobody said what a token costs. */
  readonly maxMoney: number | null;
}

/**
 * Lets every judge write its requests and answers none of them. Requests that hang on a reply which is not there are not counted;
 * neither are those a judge puts again.
 */
export async function planJudging(
  prepared: PreparedExperiment,
  engines: JudgeEngines,
  before: { readonly answers: ReadonlyMap<string, AnswerRecord>; readonly replies: readonly ReplyRecord[] },
  signal: AbortSignal,
): Promise<Record<string, PlannedJudging>> {
  const answers = expectedAnswers(prepared, before.answers);
  const kept = new Map(before.replies.map((record) => [record.key, record]));
  const planned: Record<string, PlannedJudging> = {};
  for (const { spec } of prepared.judgeEngines) {
    const engine = engines.get(spec.id);
    if (engine === undefined) continue;
    const requests = new Map<string, JudgeRequest>();
    for (const judging of prepared.judges.filter((each) => each.spec.engine === spec.id)) {
      const keyOf = (request: JudgeRequest, repeat: number) => replyKey(engine.identity, request, repeat);
      for (const item of judgeWork(prepared, judging, answers)) {
        await writeRequests(judging, item, signal, (request) => {
          const key = keyOf(request, item.repeat);
          requests.set(key, request);
          return kept.get(key);
        });
      }
    }
    const toDo = [...requests].filter(([key]) => !kept.has(key)).map(([, request]) => mostTokens(request));
    const promptTokens = toDo.reduce((sum, { prompt }) => sum + prompt, 0);
    const maxReplyTokens = toDo.reduce((sum, { reply }) => sum + reply, 0);
    const prices = spec.prices ?? engine.prices;
    const share = prices === null || engine.askMany === undefined ? 1 : (prices.batch ?? batchShare);
    planned[spec.id] = {
      requests: requests.size,
      cached: requests.size - toDo.length,
      toDo: toDo.length,
      promptTokens,
      maxReplyTokens,
      maxMoney: prices === null ? null : ((promptTokens * prices.prompt + maxReplyTokens * prices.reply) * share) / 1e6,
    };
  }
  return planned;
}

/** Ends a judgement whose request has no reply. */
class NotAsked extends Error {}

async function writeRequests(
  { judge }: PreparedJudge,
  { repeat: _repeat, ...item }: JudgeWork,
  signal: AbortSignal,
  ask: (request: JudgeRequest) => ReplyRecord | undefined,
): Promise<void> {
  let asked = false;
  try {
    await judge.judge(item, signal, async (request) => {
      asked = true;
      const record = ask(request);
      if (record === undefined) throw new NotAsked();
      return record.reply;
    });
  } catch (error) {
    // A judge may put what stopped it into words of its own; before it asked anything the fault is a real one.
    if (!asked) throw error;
  }
}

/** Answers of the run folder and of files; of others the longest that may come. */
function expectedAnswers(prepared: PreparedExperiment, stored: ReadonlyMap<string, AnswerRecord>): AnswerRecord[] {
  const systems = [
    ...prepared.systems.map(({ spec }) => ({ id: spec.id, maxTokens: spec.decoding.maxTokens })),
    ...prepared.recorded.map(({ id }) => ({ id, maxTokens: 0 })),
  ];
  return systems.flatMap(({ id, maxTokens }) =>
    prepared.selection.samples.map((sample): AnswerRecord => {
      const written = prepared.written.get(id)?.bySample.get(sample.id)?.text;
      const found = stored.get(`${id}\0${sample.id}`);
      return found !== undefined && found.status !== "failed"
        ? found
        : expected(id, sample.id, written ?? longest(id, maxTokens));
    }),
  );
}

/** Four bytes a token; another text of every system, as a judge need not be asked to compare an answer with itself. */
function longest(system: string, maxTokens: number): string {
  return `${system} `.repeat(4 * maxTokens).slice(0, 4 * maxTokens);
}

function expected(system: string, sampleId: string, text: string): AnsweredRecord {
  return {
    key: "",
    system,
    sampleId,
    status: "answered",
    prompt: { text: "", ids: [], prefixLength: 0, provenance: {} },
    ids: [],
    rawIds: [],
    text,
    raw: text,
    finishReason: "unknown",
    stop: null,
    durationMs: 0,
  };
}
