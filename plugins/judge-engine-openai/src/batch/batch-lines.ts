import type { JsonObject, JudgeReply } from "@unshift/contracts";
import type { EndpointCalls } from "../endpoint-calls.js";
import { EndpointFault, Withheld } from "../endpoint-fault.js";
import { errorOf, isRecord, shortened } from "../endpoint-words.js";
import { readCompletion } from "../read-completion.js";
import { faultOf } from "../refused-request.js";
import { replyIn } from "../send-request.js";
import { batchPath } from "./batch-api.js";

/** What became of a request of a batch. */
export type Outcome = JudgeReply | EndpointFault;

/** A request as a line of the file that is uploaded. */
export function requestLine(key: string, body: JsonObject): string {
  return `${JSON.stringify({ custom_id: key, method: "POST", url: batchPath, body })}\n`;
}

/**
 * The lines of an output or error file.
 *
 * @returns outcomes by key, and how many lines are no JSON or name no request
 */
export function readLines(
  text: string,
  calls: EndpointCalls,
): { readonly outcomes: ReadonlyMap<string, Outcome>; readonly broken: number } {
  const outcomes = new Map<string, Outcome>();
  let broken = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const read = parsed(line);
    const key = isRecord(read) ? read["custom_id"] : undefined;
    if (!isRecord(read) || typeof key !== "string") broken += 1;
    else if (!outcomes.has(key)) outcomes.set(key, outcomeOf(read, calls));
  }
  return { outcomes, broken };
}

function outcomeOf({ response, error }: Readonly<Record<string, unknown>>, calls: EndpointCalls): Outcome {
  try {
    return replyOf(response, error, calls);
  } catch (fault) {
    if (fault instanceof Withheld) {
      return { text: fault.message, ended: "withheld", model: calls.endpoint.model, tokens: null };
    }
    if (fault instanceof EndpointFault) return fault;
    throw fault;
  }
}

/** @throws EndpointFault, Withheld */
function replyOf(response: unknown, error: unknown, calls: EndpointCalls): JudgeReply {
  const { endpoint } = calls;
  if (!isRecord(response)) {
    const { message, code } = errorOf(JSON.stringify(error ?? {}));
    const words = shortened(endpoint.mask(`${typeof code === "string" ? `${code}: ` : ""}${message}`));
    throw new EndpointFault(`${endpoint.host} did not answer a request of the batch (${words})`, {
      code: "JUDGE_UNREACHABLE",
      passes: true,
      words,
    });
  }
  const { status_code: status, body } = response;
  if (typeof status === "number" && status >= 300) {
    const { message, code } = errorOf(JSON.stringify(body ?? {}));
    throw faultOf({ status, code: typeof code === "string" ? code : "", message, headers: new Headers() }, endpoint);
  }
  return replyIn(readCompletion(body, endpoint.model), calls);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
