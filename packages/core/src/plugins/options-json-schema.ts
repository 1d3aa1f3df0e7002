import type { JsonObject, OptionSchema, StandardSchema } from "@unshift/contracts";
import type { Registered } from "./plugin-registry.js";

/**
 * JSON Schema (2020-12) of a contribution's options as a person writes them: its own, or the one its Standard Schema gives. null
 * where it takes no options or its schema cannot tell.
 */
export function optionsJsonSchema({ contribution }: Registered): JsonObject | null {
  const { options } = contribution;
  if (options === undefined) return null;
  let schema: unknown = options;
  if (isStandard(options)) {
    try {
      schema = options["~standard"].jsonSchema?.input({ target: "draft-2020-12" });
    } catch {
      // Standard JSON Schema throws for what JSON Schema cannot say (a custom check, a Date): then nothing is known.
      return null;
    }
  }
  if (schema === undefined) return null;
  const { $schema: _, __options: __, ...rest } = JSON.parse(JSON.stringify(schema)) as JsonObject;
  return rest;
}

export function isStandard<Options>(schema: OptionSchema<Options>): schema is StandardSchema<Options> {
  return "~standard" in schema;
}
