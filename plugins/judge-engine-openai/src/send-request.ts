import type { JudgeReply } from "@unshift/contracts";
import type { Wording } from "./dialect.js";
import type { EndpointCalls } from "./endpoint-calls.js";
import { shortened } from "./endpoint-words.js";
import { type Completion, readCompletion } from "./read-completion.js";
import { faultOf } from "./refused-request.js";

/** One try of one request. Throws EndpointFault, Withheld; the signal's reason. */
export async function sendRequest(calls: EndpointCalls, wording: Wording, signal: AbortSignal): Promise<JudgeReply> {
  return calls.call(async (client, options) => {
    const body = await client.post<unknown>("/chat/completions", { body: wording.body, ...options });
    return replyIn(readCompletion(body, calls.endpoint.model), calls);
  }, signal);
}

/** The reply of a completion, with the key masked. Throws EndpointFault, Withheld. */
export function replyIn(completion: Completion, calls: EndpointCalls): JudgeReply {
  const { mask, host } = calls.endpoint;
  if ("reply" in completion) {
    const { text, model } = completion.reply;
    return { ...completion.reply, text: mask(text), model: mask(model) };
  }
  if ("error" in completion && completion.error.status !== null) {
    throw faultOf({ ...completion.error, status: completion.error.status, headers: new Headers() }, calls.endpoint);
  }
  const why = "error" in completion ? shortened(mask(completion.error.message)) : completion.unusable;
  throw calls.unusable(`${host} answers, but not with a completion: ${why}`);
}
