import type { JsonObject } from "@unshift/contracts";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { expectation } from "../config/expectation.js";
import type { ConfigPath } from "../config/experiment.js";

/** One thing a schema refuses. */
export interface SchemaFault {
  readonly path: ConfigPath;
  readonly message: string;
  /** A key of the map at `path` that the schema does not know. */
  readonly unknownKey?: string;
  /** What is allowed at `path`, where the schema said it. */
  readonly wanted?: string;
}

/** Checks `value` against a JSON Schema and fills in its defaults, in place. A key the schema does not name is a fault. */
export function validateJsonSchema(
  schema: object,
  value: JsonObject,
): { readonly value: JsonObject; readonly faults: readonly SchemaFault[] } {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    useDefaults: true,
    verbose: true,
    logger: false,
    validateFormats: false,
  });
  const validate = ajv.compile(closed(schema));
  validate(value);
  const errors = validate.errors ?? [];
  return { value, faults: errors.filter((error) => isOwn(error, errors)).map((error) => faultOf(error, value)) };
}

/** Maps of named properties refuse other keys unless the schema says otherwise; `unevaluated` sees through allOf and $ref. */
function closed(schema: object): object {
  const copy: Record<string, unknown> = { ...schema };
  if (isObject(copy.properties)) {
    copy.properties = Object.fromEntries(
      Object.entries(copy.properties).map(([key, value]) => [key, isObject(value) ? closed(value) : value]),
    );
    if (copy.additionalProperties === undefined && copy.unevaluatedProperties === undefined)
      copy.unevaluatedProperties = false;
  }
  if (isObject(copy.items)) copy.items = closed(copy.items);
  return copy;
}

/** Faults of the branches of an alternative are told by the alternative. */
function isOwn(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword === "if") return false;
  return !errors.some(
    (other) =>
      (other.keyword === "anyOf" || other.keyword === "oneOf") && error.schemaPath.startsWith(`${other.schemaPath}/`),
  );
}

function faultOf(error: ErrorObject, value: JsonObject): SchemaFault {
  const path = pathOf(error.instancePath, value);
  const message = error.message ?? error.keyword;
  const { missingProperty, additionalProperty, unevaluatedProperty } = error.params as Record<string, unknown>;
  const unknownKey = additionalProperty ?? unevaluatedProperty;
  if (typeof unknownKey === "string") return { path, message, unknownKey };
  if (error.keyword === "required" && typeof missingProperty === "string")
    return { path: [...path, missingProperty], message };
  const wanted = isObject(error.parentSchema) ? expectation(error.parentSchema as JsonObject) : null;
  return wanted === null || !told.has(error.keyword) ? { path, message } : { path, message, wanted };
}

/** Keywords whose demand {@link expectation} puts in words. */
const told = new Set([
  "type",
  "enum",
  "const",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "pattern",
  "anyOf",
  "oneOf",
]);

/** JSON pointer → path, indices of lists as numbers. */
function pathOf(pointer: string, root: JsonObject): ConfigPath {
  const path: (string | number)[] = [];
  let value: unknown = root;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(value) ? Number(key) : key);
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return path;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
