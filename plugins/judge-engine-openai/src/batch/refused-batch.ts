import { UnshiftError } from "@unshift/contracts";
import { EndpointFault } from "../endpoint-fault.js";
import { shortened } from "../endpoint-words.js";
import { type Endpoint, faultOf } from "../refused-request.js";
import type { BatchState } from "./read-batch.js";

/** Codes of a queue that is full. */
const fullQueue = /token_limit_exceeded|enqueued|queue/i;

/** What is told where a batch failed or was cancelled as a whole. */
export function refusedBatch(
  { id, status, errors }: BatchState,
  { sent, left }: { readonly sent: number; readonly left: number },
  endpoint: Endpoint,
): Error {
  if (status === "cancelled") {
    return new UnshiftError(
      "JUDGE_BATCH_FAILED",
      `batch ${id} was cancelled at ${endpoint.host}; ${left} of its ${sent} requests have no reply`,
      { hint: "The replies it gave are kept. Give the same command again to ask for the others in a new batch." },
    );
  }
  const [first] = errors;
  const about = `${first?.code ?? ""} ${first?.message ?? ""}`;
  const line = first?.line === null || first === undefined ? "" : ` (line ${first.line})`;
  const words = shortened(
    endpoint.mask(`${first?.code ? `${first.code}: ` : ""}${first?.message ?? "no reason given"}`),
  );
  const message = `${endpoint.host} refuses batch ${id} with ${sent} requests: ${words}${line}`;
  if (/model_not_found|invalid_model/.test(about)) {
    return faultOf({ status: 404, code: "model_not_found", message: words, headers: new Headers() }, endpoint);
  }
  if (fullQueue.test(about)) {
    return new EndpointFault(message, {
      code: "JUDGE_RATE_LIMITED",
      passes: true,
      hint: "Make smaller batches (`batch.maxRequests`), or give the command again when others have ended.",
    });
  }
  return new UnshiftError("JUDGE_BATCH_FAILED", message, {
    hint: "Nothing of it was asked or paid. Mend what it says, or leave `batch` out and ask one by one.",
  });
}
