import type { JudgeReply } from "@unshift/contracts";
import { errorOf, isRecord } from "./endpoint-words.js";

/** What stands in the body of an answered request: a reply, an error all the same, or nothing that can be used. */
export type Completion =
  | { readonly reply: JudgeReply }
  | { readonly error: { readonly status: number | null; readonly code: string; readonly message: string } }
  | { readonly unusable: string };

/** @param body as the SDK gives it: parsed, or text where the server did not call it JSON */
export function readCompletion(body: unknown, model: string): Completion {
  const completion = typeof body === "string" ? parsed(body) : body;
  if (!isRecord(completion)) return { unusable: "what came is not a JSON object" };
  if (completion["error"] !== undefined && completion["error"] !== null) return { error: errorIn(completion) };
  const choice: unknown = Array.isArray(completion["choices"]) ? completion["choices"][0] : undefined;
  if (!isRecord(choice) || !isRecord(choice["message"])) return { unusable: "there is no `choices[0].message`" };
  const { content, refusal } = choice["message"];
  const text = textOf(content);
  if (text === null) return { unusable: "`choices[0].message.content` is no text" };
  const refused = typeof refusal === "string" && refusal !== "";
  return {
    reply: {
      text: text === "" && refused ? refusal : text,
      ended: refused ? "withheld" : endOf(choice["finish_reason"]),
      model: typeof completion["model"] === "string" ? completion["model"] : model,
      tokens: tokensOf(completion["usage"]),
    },
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Gateways answer 200 when the server behind them failed, with its status as the code. */
function errorIn(completion: Readonly<Record<string, unknown>>) {
  const { message, code } = errorOf(JSON.stringify(completion));
  const status = Number(code);
  return { status: status >= 400 && status < 600 ? status : null, code: typeof code === "string" ? code : "", message };
}

/** No content is an empty text: all tokens went into thinking, or the reply was withheld. Parts other than text are thoughts. */
function textOf(content: unknown): string | null {
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  return content
    .map((part: unknown) => (isRecord(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("");
}

function endOf(reason: unknown): JudgeReply["ended"] {
  if (reason === "length") return "length";
  return reason === "content_filter" ? "withheld" : "whole";
}

function tokensOf(usage: unknown): JudgeReply["tokens"] {
  if (!isRecord(usage)) return null;
  const { prompt_tokens: prompt, completion_tokens: reply } = usage;
  return isCount(prompt) && isCount(reply) ? { prompt, reply } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
