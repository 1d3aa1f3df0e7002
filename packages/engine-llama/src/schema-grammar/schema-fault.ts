import { UnshiftError } from "@unshift/contracts";

/** What of a schema no grammar holds an answer to. `pointer` is a JSON pointer into the schema, `#` its root. */
export function schemaFault(pointer: string, message: string): UnshiftError {
  return new UnshiftError("GRAMMAR_UNSUPPORTED", `the answer cannot be held to its schema at ${pointer}: ${message}`, {
    hint: "The schema's keywords that answers can be held to are listed in @unshift/engine-llama's README.",
  });
}

/** A pointer one step further down. */
export function below(pointer: string, ...keys: readonly (string | number)[]): string {
  return [pointer, ...keys.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"))].join("/");
}
