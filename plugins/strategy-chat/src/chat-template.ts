import { createHash } from "node:crypto";
import { Environment, parse, tokenize } from "@huggingface/jinja";
import { type Message, type ModelView, UnshiftError } from "@unshift/contracts";
import { BoundedInterpreter, mostItems, TemplateBound } from "./bounded-interpreter.js";
import { strftime } from "./strftime.js";

/** Thrown by `raise_exception`: the template speaks, it is not broken. */
class Refusal extends Error {}

/**
 * A parsed Jinja chat template. What it renders depends on its arguments alone: `strftime_now` knows the day it is given and
 * no clock, and is not defined without one, so that a prompt does not change overnight.
 */
export class ChatTemplate {
  readonly source: string;
  readonly hash: string;
  /** For messages: `the template "mistral"`. */
  readonly #name: string;
  readonly #program: ReturnType<typeof parse>;

  /** @throws STRATEGY_TEMPLATE where the source does not parse */
  constructor(source: string, name: string) {
    this.source = source;
    this.hash = createHash("sha256").update(source).digest("hex");
    this.#name = name;
    try {
      // As Hugging Face parses chat templates.
      this.#program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
    } catch (cause) {
      throw new UnshiftError("STRATEGY_TEMPLATE", `${name} does not parse: ${textOf(cause)}`, {
        hint: "Name a template with the option `template`.",
        cause,
      });
    }
  }

  /**
   * The chat, open for the assistant's next turn.
   *
   * @throws STRATEGY_TEMPLATE where the template refuses the chat or fails on it
   */
  render(messages: readonly Message[], model: Pick<ModelView, "bosText" | "eosText">, day: string | undefined): string {
    const environment = new Environment();
    const variables: Record<string, unknown> = {
      true: true,
      false: false,
      none: null,
      True: true,
      False: false,
      None: null,
      range: rangeOf,
      raise_exception: (message: unknown) => {
        throw new Refusal(String(message));
      },
      messages: messages.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: true,
      bos_token: model.bosText ?? "",
      eos_token: model.eosText ?? "",
      ...(day === undefined ? {} : { strftime_now: (format: unknown) => strftime(day, String(format)) }),
    };
    for (const [name, value] of Object.entries(variables)) environment.set(name, value);
    try {
      return String(new BoundedInterpreter(environment).run(this.#program).value);
    } catch (cause) {
      if (cause instanceof Refusal) {
        throw new UnshiftError("STRATEGY_TEMPLATE", `${this.#name} refused the chat: ${cause.message}`, {
          hint: "Leave out `system` where the template takes no system message, or name a template with the option `template`.",
          cause,
        });
      }
      const needsDay = day === undefined && this.source.includes("strftime_now");
      throw new UnshiftError("STRATEGY_TEMPLATE", `${this.#name} failed: ${textOf(cause)}`, {
        hint: needsDay
          ? 'The template writes today\'s date. Fix it with the option `date: "2026-01-31"`, so that prompts stay the same.'
          : undefined,
        cause,
      });
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Python's `range`. */
function rangeOf(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  if (step === 0) throw new Error("range() needs a step other than 0");
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (length > mostItems) throw new TemplateBound(`range() of ${length} numbers`);
  return Array.from({ length }, (_, index) => from + index * step);
}
