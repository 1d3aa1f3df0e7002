import type { JudgeRequest } from "@unshift/contracts";
import type { AskingOptions } from "../asking-options.js";
import type { AskedAspect } from "../reply/asked-aspect.js";
import { replySchema } from "./reply-form.js";

const role =
  "You are an impartial judge of answers that assistants gave. You follow the rubric you are given, weigh content and not length or manner, and reply in the form that is asked for.";

export interface RequestParts {
  readonly id: string;
  readonly text: string;
  readonly aspects: readonly AskedAspect[];
  readonly notApplicable: boolean;
  /** The text is the user's template, which says itself in what form to reply. */
  readonly fromTemplate: boolean;
}

/** A template is sent as it is: one message, and no schema unless `constrain` asks for it. */
export function judgeRequest(parts: RequestParts, options: AskingOptions): JudgeRequest {
  const { id, text, aspects, notApplicable, fromTemplate } = parts;
  const user = { role: "user", content: text } as const;
  return {
    id,
    messages: fromTemplate ? [user] : [{ role: "system", content: role }, user],
    ...(options.constrain === true || (options.constrain === undefined && !fromTemplate)
      ? { schema: replySchema(aspects, notApplicable) }
      : {}),
    maxTokens: options.maxTokens ?? 1024,
    temperature: options.temperature ?? 0,
  };
}
