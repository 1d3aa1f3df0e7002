import { AssertionError } from "node:assert";
import type { OptionSchema } from "@unshift/contracts";
import { Ajv2020 } from "ajv/dist/2020.js";

/**
 * Options with the schema's defaults, checked as core checks them.
 *
 * @throws AssertionError with every fault and its place
 */
export async function validateOptions<Options>(
  schema: OptionSchema<Options> | undefined,
  written: unknown,
): Promise<Options> {
  const value: unknown = structuredClone(written);
  if (schema === undefined) {
    if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
      throw new AssertionError({
        message: `the contribution has no option schema, so it takes no options: ${JSON.stringify(value)}`,
      });
    }
    return value as Options;
  }
  if (isStandardSchema(schema)) {
    const result = await schema["~standard"].validate(value);
    if (result.issues !== undefined) {
      throw new AssertionError({
        message: `options do not fit the schema: ${result.issues.map((issue) => issue.message).join("; ")}`,
      });
    }
    return result.value;
  }
  const ajv = new Ajv2020({ useDefaults: true, allErrors: true, strict: false });
  const validate = ajv.compile<Options>(schema);
  if (!validate(value)) {
    throw new AssertionError({
      message: `options do not fit the schema: ${ajv.errorsText(validate.errors, { dataVar: "options" })}`,
    });
  }
  return value;
}

function isStandardSchema<Options>(
  schema: OptionSchema<Options>,
): schema is Extract<OptionSchema<Options>, { readonly "~standard": unknown }> {
  return "~standard" in schema;
}
