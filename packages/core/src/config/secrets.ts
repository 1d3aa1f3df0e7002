import { type JsonObject, UnshiftError, type Where } from "@unshift/contracts";

/** A whole string, so that a prompt which spells `${x}` stays a prompt. */
const variable = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

export function isVariable(value: unknown): value is string {
  return typeof value === "string" && variable.test(value);
}

export function mentionsVariable(text: string): boolean {
  return /\$\{[A-Za-z_][A-Za-z0-9_]*\}/.test(text);
}

export interface SecretPlace {
  readonly where?: Where | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Options with `${NAME}` replaced by the environment's value: called just before a factory, so that nothing that is stored or
 * printed holds a secret. Throws CONFIG_SECRET where a variable is not set. Values of foreign classes are left as they are.
 */
export function resolveSecrets<Options extends JsonObject>(options: Options, place: SecretPlace = {}): Options {
  return resolved(options, place) as Options;
}

function resolved(value: unknown, place: SecretPlace): unknown {
  if (typeof value === "string") {
    const name = variable.exec(value)?.[1];
    return name === undefined ? value : environmentValue(name, place);
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, place));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, place)]));
}

function environmentValue(name: string, { where, environment = process.env }: SecretPlace): string {
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  throw new UnshiftError(
    "CONFIG_SECRET",
    `the environment variable ${name} is ${value === "" ? "empty" : "not set"}, but the experiment asks for it.`,
    {
      where,
      hint: `Set it for the command (${name}=… unshift run …); its value is never stored.`,
    },
  );
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
