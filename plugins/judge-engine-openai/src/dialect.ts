import type { Json, JsonObject, JudgeReply, JudgeRequest } from "@unshift/contracts";
import type { EndpointFault } from "./endpoint-fault.js";
import type { EndpointOptions, TokensField } from "./endpoint-options.js";
import { isStrict } from "./strict-schema.js";

/** How a request was put. */
export interface Wording {
  readonly body: JsonObject;
  readonly tokensField: TokensField;
  readonly temperature: boolean;
  /** The schema as text; null where none was sent. */
  readonly schema: string | null;
  /** For the record of the reply: what the judge asked for and this leaves out. */
  readonly unsent: Pick<JudgeReply, "unsent">;
}

const refusedAsUnknown = new Set([400, 422]);

/**
 * What an endpoint takes. It begins with what all are said to take and learns from refusals, which cost nothing: the name of the
 * longest reply, whether there is a temperature, which schemas are held to.
 */
export class Dialect {
  private tokensField: TokensField;
  private temperature = true;
  private readonly refusedSchemas = new Set<string>();

  constructor(private readonly options: EndpointOptions) {
    this.tokensField = options.tokensField === "auto" ? "max_tokens" : options.tokensField;
  }

  /** @param repeat moves a `seed`, so that a judge asked several times does not give one reply several times */
  word(request: JudgeRequest, repeat: number): Wording {
    const { model, schema: mode, extra } = this.options;
    const { tokensField, temperature } = this;
    const written = request.schema === undefined || mode === "never" ? null : JSON.stringify(request.schema);
    const schema = written === null || this.refusedSchemas.has(written) ? null : written;
    const seed = extra["seed"];
    const body: Record<string, Json> = {
      ...extra,
      ...(typeof seed === "number" ? { seed: seed + repeat } : {}),
      model,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      [tokensField]: request.maxTokens,
    };
    if (temperature) body["temperature"] = request.temperature;
    if (schema !== null && request.schema !== undefined) {
      const name = request.id.replaceAll(/[^\w-]/g, "_").slice(0, 64);
      body["response_format"] = {
        type: "json_schema",
        json_schema: { name, strict: isStrict(request.schema), schema: request.schema },
      };
    }
    const left = [
      ...(temperature ? [] : ["temperature" as const]),
      ...(request.schema === undefined || schema !== null ? [] : ["schema" as const]),
    ];
    return { body, tokensField, temperature, schema, unsent: left.length === 0 ? {} : { unsent: left } };
  }

  /**
   * Whether the request can be put in another way after this refusal.
   *
   * @returns what is done differently from now on, for the log; null where the refusal stands
   */
  learn({ status, words }: EndpointFault, sent: Wording): string | null {
    if (status === null || !refusedAsUnknown.has(status)) return null;
    if (
      this.options.tokensField === "auto" &&
      sent.tokensField === "max_tokens" &&
      /max_completion_tokens/.test(words)
    ) {
      this.tokensField = "max_completion_tokens";
      return "max_completion_tokens is sent in place of max_tokens";
    }
    if (sent.temperature && /\btemperature\b/i.test(words)) {
      this.temperature = false;
      return "no temperature is sent: replies come at the model's own";
    }
    if (this.options.schema === "auto" && sent.schema !== null && /response.?format|schema|grammar/i.test(words)) {
      this.refusedSchemas.add(sent.schema);
      return "replies are not held to the judge's schema";
    }
    return null;
  }
}
