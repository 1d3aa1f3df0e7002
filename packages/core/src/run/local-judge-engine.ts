import {
  type JsonObject,
  type JudgeEngine,
  type JudgeReply,
  type JudgeRequest,
  type Sample,
  type Strategy,
  UnshiftError,
} from "@unshift/contracts";
import type { EncodedPrompt, Engine, GeneratedAnswer, OpenModel } from "@unshift/contracts/services";
import { keyOf } from "./key.js";

interface Waiting {
  readonly request: JudgeRequest;
  readonly repeat: number;
  readonly signal: AbortSignal;
  readonly resolve: (reply: JudgeReply) => void;
  readonly reject: (error: unknown) => void;
}

/** What a strategy's prompt is told by. */
const probe = { id: "identity", messages: [{ role: "user", content: "?" }] } as const;

/** Requests generated together: the model's own slots are filled from them. */
const batchSize = 32;

/**
 * A model of the experiment that answers judges: the strategy writes its prompt from the request's messages, and a request's
 * schema holds the answer to its form. Requests that wait are generated together.
 */
export class LocalJudgeEngine implements JudgeEngine {
  readonly concurrency = batchSize;
  readonly prices = null;
  private readonly waiting: Waiting[] = [];
  private working = false;

  private constructor(
    readonly identity: string,
    private readonly model: OpenModel,
    private readonly strategy: Strategy,
  ) {}

  /**
   * Opens it. Its identity holds the ids that the strategy makes of one request: options name files of prompts and examples, and
   * what stands in these changes replies too.
   */
  static async open(
    { identity: engine, schemaVersion }: Pick<Engine, "identity" | "schemaVersion">,
    model: OpenModel,
    strategy: Strategy,
    options: JsonObject,
  ): Promise<LocalJudgeEngine> {
    const { ids } = model.encode(await strategy.build(sampleOf(probe), model.view));
    const { fileHash } = model.identity;
    const facts = { engine, schemaVersion, model: fileHash, contextSize: model.view.contextSize, options };
    return new LocalJudgeEngine(`local ${keyOf({ ...facts, prompt: [...ids] })}`, model, strategy);
  }

  ask(request: JudgeRequest, { signal, repeat }: { signal: AbortSignal; repeat: number }): Promise<JudgeReply> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, repeat, signal, resolve, reject });
      if (!this.working) {
        this.working = true;
        void this.work();
      }
    });
  }

  private async work(): Promise<void> {
    // Lets the requests of one turn of the event loop gather.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      await this.batch(this.waiting.splice(0, batchSize));
    }
    this.working = false;
  }

  private async batch(asked: readonly Waiting[]): Promise<void> {
    const items: { readonly from: Waiting; readonly prompt: EncodedPrompt }[] = [];
    for (const waiting of asked) {
      try {
        items.push({ from: waiting, prompt: await this.encode(waiting.request) });
      } catch (error) {
        waiting.reject(error);
      }
    }
    const [first] = items;
    if (first === undefined) {
      return;
    }
    try {
      await this.model.generate(
        items.map(({ from: { request, repeat }, prompt }) => ({
          prompt,
          decoding: decodingOf(request, repeat),
          ...(request.schema === undefined ? {} : { schema: request.schema }),
        })),
        {
          signal: first.from.signal,
          onDone: (index, answer) => {
            const item = items[index];
            item?.from.resolve(this.reply(item.prompt, answer));
          },
        },
      );
    } catch (error) {
      // Those that ended before have their reply: a promise keeps its first outcome.
      for (const { from } of items) {
        from.reject(error);
      }
    }
  }

  private async encode(request: JudgeRequest): Promise<EncodedPrompt> {
    const prompt = this.model.encode(await this.strategy.build(sampleOf(request), this.model.view));
    const { contextSize } = this.model.view;
    if (prompt.ids.length + request.maxTokens > contextSize) {
      throw new UnshiftError(
        "CONTEXT_TOO_SMALL",
        `the judge's request has ${prompt.ids.length} tokens and may be answered by ${request.maxTokens}; the context of model "${this.model.name}" holds ${contextSize}`,
        { hint: "Raise the model's `contextSize`, or judge shorter answers." },
      );
    }
    return prompt;
  }

  private reply(prompt: EncodedPrompt, answer: GeneratedAnswer): JudgeReply {
    return {
      text: answer.text,
      ended: answer.finishReason === "length" || answer.finishReason === "context" ? "length" : "whole",
      model: this.model.identity.description,
      tokens: { prompt: prompt.ids.length, reply: answer.rawIds.length },
    };
  }
}

function sampleOf({ id, messages }: Pick<JudgeRequest, "id" | "messages">): Sample {
  return { id, messages, reference: [], tags: {} };
}

function decodingOf({ maxTokens, temperature }: JudgeRequest, repeat: number) {
  return { maxTokens, temperature, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: repeat };
}
