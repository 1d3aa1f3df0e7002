import { EndpointFault, Withheld } from "./endpoint-fault.js";
import { shortened } from "./endpoint-words.js";
import { quotaResetMs, retryAfterMs } from "./retry-after.js";
import type { Mask } from "./secret-mask.js";

/** A status from 300 on, or an error inside a reply with status 200. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Headers;
}

/** Where it was asked, for messages. */
export interface Endpoint {
  readonly host: string;
  readonly url: string;
  readonly model: string;
  readonly hasKey: boolean;
  readonly mask: Mask;
}

/** Statuses of a server that has too much to do or is not up yet. */
const passing = new Set([408, 409, 425]);
const filtered = /\bflagged\b|content[ _](filter|policy|management)/i;
const noCredit = /insufficient_quota|billing|insufficient (balance|credit|fund)/i;

/** What a refusal means for the request and for those after it. */
export function faultOf(refusal: Refusal, endpoint: Endpoint): EndpointFault | Withheld {
  const { status, headers } = refusal;
  const { host, model, hasKey, url } = endpoint;
  const words = shortened(endpoint.mask(refusal.message));
  const said = `(${status}${words === "" ? "" : `: ${words}`})`;
  const about = `${shortened(endpoint.mask(refusal.code))} ${words}`;
  const parts = { status, words: about, passes: false };
  const waitMs = retryAfterMs(headers);

  if ((status === 400 || status === 403) && filtered.test(about)) {
    return new Withheld(words);
  }
  if (status === 404 || refusal.code === "model_not_found") {
    return new EndpointFault(`${host} has no model "${model}" ${said}`, {
      ...parts,
      code: "JUDGE_MODEL",
      hint: `Check \`model\`, and \`baseURL\`: asked was ${url}.`,
    });
  }
  if (status === 402 || (status === 429 && noCredit.test(about))) {
    return new EndpointFault(`${host} has no more credit for this key ${said}`, {
      ...parts,
      code: "JUDGE_RATE_LIMITED",
    });
  }
  if (status === 401 || status === 403) {
    return new EndpointFault(`${host} ${hasKey ? "refuses the key" : "wants a key, and none was sent"} ${said}`, {
      ...parts,
      code: "JUDGE_UNAUTHORIZED",
      hint: hasKey
        ? "Check the environment variable that `apiKey` names."
        : "Name the environment variable that holds it: `apiKey: ${OPENAI_API_KEY}`.",
    });
  }
  if (status === 429) {
    return new EndpointFault(`${host} takes no more requests for now ${said}`, {
      ...parts,
      code: "JUDGE_RATE_LIMITED",
      passes: true,
      waitMs,
      resetMs: quotaResetMs(headers),
      hint: "Set `requestsPerMinute` and `tokensPerMinute` to what the account may use, or go on later.",
    });
  }
  if (status >= 500 || passing.has(status)) {
    return new EndpointFault(`${host} fails ${said}`, { ...parts, code: "JUDGE_UNREACHABLE", passes: true, waitMs });
  }
  if (status < 400) {
    const target = shortened(endpoint.mask(headers.get("location") ?? "nowhere"));
    return new EndpointFault(`${host} sends requests elsewhere (${status}: ${target})`, {
      ...parts,
      code: "JUDGE_UNREACHABLE",
      hint: "Give the address it names as `baseURL`; a key is not taken along to another host.",
    });
  }
  return new EndpointFault(`${host} refuses the request ${said}`, { ...parts, code: "JUDGE_RESPONSE" });
}
