import type { JsonObject, StandardIssue, Where } from "@unshift/contracts";
import { expectation, keysOf, schemaAt } from "../config/expectation.js";
import type { ConfigPath, Use } from "../config/experiment.js";
import { ownKeys } from "../config/option-places.js";
import { type Problem, throwProblems } from "../config/problem.js";
import { isVariable } from "../config/secrets.js";
import { describe, didYouMean, dotted, listed } from "../config/wording.js";
import { kindNames } from "./kind-names.js";
import { isStandard, optionsJsonSchema } from "./options-json-schema.js";
import type { Registered } from "./plugin-registry.js";
import { type SchemaFault, validateJsonSchema } from "./validate-json-schema.js";

/**
 * Options with the schema's defaults. Throws PLUGIN_OPTIONS with every fault, the first at its key; CONFIG_SECRET where an option
 * that its schema marks `writeOnly` stands in the file as text. `${NAME}` is checked as written.
 */
export async function checkOptions(
  registered: Registered,
  use: Use,
  where: (path: ConfigPath) => Where,
): Promise<JsonObject> {
  const schema = registered.contribution.options;
  const asked = new Question(registered, use, where);
  if (schema === undefined) {
    throwProblems(Object.keys(use.options).map((key) => asked.none(key)));
    return {};
  }
  throwProblems(asked.openSecrets());
  const given = structuredClone(use.options);
  if (!isStandard(schema)) {
    const result = validateJsonSchema(schema, given);
    throwProblems(result.faults.map((fault) => asked.fault(fault)));
    return result.value;
  }
  const result = await schema["~standard"].validate(given);
  const issues = (result.issues ?? []).flatMap((issue) => faultsOf(issue));
  // Many schemas drop keys they do not know without a word.
  const unknown = asked
    .unknownKeys()
    .filter((fault) => !issues.some((issue) => issue.unknownKey === fault.unknownKey && issue.path.length === 0));
  throwProblems([...issues, ...unknown].map((fault) => asked.fault(fault)));
  if (result.issues !== undefined)
    throwProblems([asked.fault({ path: [], message: "the schema refuses the options without saying why" })]);
  // A schema may turn options into things JSON cannot hold; only its own factory sees those.
  return (result as { value: JsonObject }).value;
}

/** One issue of a Standard Schema; zod says which keys it did not know. */
function faultsOf(issue: StandardIssue): SchemaFault[] {
  const path = (issue.path ?? []).map((part) => {
    const key = typeof part === "object" ? part.key : part;
    return typeof key === "number" ? key : String(key);
  });
  const keys: unknown = "keys" in issue && "code" in issue && issue.code === "unrecognized_keys" ? issue.keys : null;
  if (Array.isArray(keys)) return keys.map((key) => ({ path, message: issue.message, unknownKey: String(key) }));
  return [{ path, message: issue.message }];
}

/** The options of one use, and how to speak of them. */
class Question {
  private readonly schema: JsonObject | null;
  private readonly name: string;

  constructor(
    private readonly registered: Registered,
    private readonly use: Use,
    private readonly where: (path: ConfigPath) => Where,
  ) {
    this.schema = optionsJsonSchema(registered);
    this.name = `${kindNames[registered.kind]} "${registered.id}"`;
  }

  none(key: string): Problem {
    const own = ownKeys[this.registered.kind].filter((each) => each !== "use");
    const allowed = own.length === 0 ? "" : ` Allowed beside \`use\`: ${listed(own)}.${didYouMean(key, own)}`;
    return this.problem(
      [key],
      `${this.name} takes no options, found "${key}" (${describe(this.use.options[key])}).${allowed}`,
    );
  }

  fault({ path, message, unknownKey, wanted }: SchemaFault): Problem {
    const at = dotted([...this.use.path, ...path]);
    if (unknownKey !== undefined) {
      const allowed = this.allowedKeys(path);
      const names = allowed.length === 0 ? "" : ` Allowed: ${listed(allowed)}.${didYouMean(unknownKey, allowed)}`;
      return this.problem([...path, unknownKey], `unknown option "${unknownKey}" of ${this.name} in ${at}.${names}`);
    }
    const schema = this.schema === null ? undefined : schemaAt(this.schema, path);
    const found = valueAt(this.use.options, path);
    if (found === undefined && path.length > 0) {
      const sentence = typeof schema?.description === "string" ? ` ${schema.description}` : "";
      const parent = dotted([...this.use.path, ...path.slice(0, -1)]);
      return this.problem(
        path,
        `${this.name} needs the option "${String(path.at(-1))}", missing in ${parent}.${sentence}`,
      );
    }
    const type = wanted ?? (path.length === 0 || schema === undefined ? null : expectation(schema));
    if (type === null) return this.problem(path, `${this.name} refuses ${at}: ${message}. Found ${describe(found)}.`);
    // The schema's own message says what the type alone does not.
    const detail = wanted === undefined && fits(type, found) ? ` (${message})` : "";
    return this.problem(path, `${at} must be ${type}, found ${describe(found)}${detail}.`);
  }

  unknownKeys(): SchemaFault[] {
    if (this.schema === null || this.schema.properties === undefined || this.schema.additionalProperties !== undefined)
      return [];
    if (
      ["patternProperties", "unevaluatedProperties", "anyOf", "oneOf", "allOf", "$ref"].some(
        (key) => this.schema?.[key] !== undefined,
      )
    )
      return [];
    const known = keysOf(this.schema);
    return Object.keys(this.use.options)
      .filter((key) => !known.includes(key))
      .map((key) => ({ path: [], message: "unknown", unknownKey: key }));
  }

  openSecrets(): Problem[] {
    return Object.entries(this.use.options).flatMap(([key, value]) => {
      const schema = this.schema === null ? undefined : schemaAt(this.schema, [key]);
      if (schema?.writeOnly !== true || typeof value !== "string" || isVariable(value)) return [];
      const at = dotted([...this.use.path, key]);
      const problem = this.problem(
        [key],
        `${at} is a secret and stands in the experiment as text. Write the name of an environment variable: ${key}: "\${MY_SECRET}".`,
      );
      return [{ ...problem, code: "CONFIG_SECRET" as const }];
    });
  }

  private allowedKeys(path: ConfigPath): string[] {
    const keys = keysOf(this.schema === null ? undefined : schemaAt(this.schema, path));
    return path.length > 0 || keys.length === 0
      ? keys
      : [...keys, ...ownKeys[this.registered.kind].filter((key) => key !== "use")];
  }

  private problem(path: ConfigPath, message: string): Problem {
    return {
      code: "PLUGIN_OPTIONS",
      message,
      where: this.where([...this.use.path, ...path]),
      hint: `\`unshift explain ${this.registered.id}\` shows its options.`,
    };
  }
}

/** Whether a value is already of the JSON type that a text of {@link expectation} names. */
function fits(type: string, value: unknown): boolean {
  const plain = { string: "string", number: "number", boolean: "true or false" }[typeof value as string];
  return plain !== undefined && (type.includes(plain) || (plain === "number" && type.includes("integer")));
}

function valueAt(options: JsonObject, path: ConfigPath): unknown {
  let value: unknown = options;
  for (const key of path) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}
