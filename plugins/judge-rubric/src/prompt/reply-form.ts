import type { JsonObject } from "@unshift/contracts";
import type { AskedAspect, Scale } from "../reply/asked-aspect.js";

/**
 * The schema of a reply: for every aspect first the rationale, then the score. Rationales have no length of their own: an engine that
 * holds a model to the schema shares `maxTokens` out among them, so that the whole reply fits.
 */
export function replySchema(aspects: readonly AskedAspect[], notApplicable: boolean): JsonObject {
  return object(
    Object.fromEntries(
      aspects.map(({ id, scale }) => [
        id,
        object({
          rationale: { type: "string" },
          score: notApplicable
            ? { anyOf: [scoreSchema(scale), { type: "string", enum: ["N/A"] }] }
            : scoreSchema(scale),
        }),
      ]),
    ),
  );
}

/** The same in words and by example, for a model that is not held to a schema. */
export function replyForm(aspects: readonly AskedAspect[], notApplicable: boolean): string {
  const members = aspects.map(
    ({ id, scale }) => `  ${JSON.stringify(id)}: { "rationale": "…", "score": ${scaleForm(scale)} }`,
  );
  const unless = notApplicable ? ' Where an aspect cannot be applied, its score is "N/A".' : "";
  return `Reply with one JSON object and nothing else. Under each key write the rationale first, in one or two sentences, and then the score that follows from it.${unless}\n{\n${members.join(",\n")}\n}`;
}

function object(properties: JsonObject): JsonObject {
  return { type: "object", additionalProperties: false, required: Object.keys(properties), properties };
}

function scoreSchema(scale: Scale): JsonObject {
  if (scale.type === "choice") return { type: "string", enum: scale.choices.map(({ label }) => label) };
  return { type: scale.whole ? "integer" : "number", minimum: scale.min, maximum: scale.max };
}

/** `<whole number from 1 to 5>` */
function scaleForm(scale: Scale): string {
  if (scale.type === "choice") return `<${scale.choices.map(({ label }) => JSON.stringify(label)).join(" or ")}>`;
  return `<${scale.whole ? "whole number" : "number"} from ${scale.min} to ${scale.max}>`;
}
