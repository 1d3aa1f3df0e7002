import type { UnshiftError } from "@unshift/contracts";
import { nearest } from "@unshift/core";
import type { Argv } from "yargs";
import { usageError } from "./failure.js";

/** What yargs knows of the options of the command it was reading. */
interface KnownOptions {
  readonly key: Readonly<Record<string, unknown>>;
  readonly choices: Readonly<Record<string, readonly unknown[] | undefined>>;
}

/**
 * What yargs says of a command line, in our words: the nearest option or choice, and the choices of an option that is missing.
 * A message of another form is passed on.
 */
export function usageFault(message: string, parser: Argv<object>, argv: readonly string[]): UnshiftError {
  const { key, choices } = (parser as unknown as { getOptions(): KnownOptions }).getOptions();
  const [, unknown] = /^Unknown arguments?: (.+)$/.exec(message) ?? [];
  if (unknown !== undefined) {
    // yargs names `--dry-run` a second time as dryRun.
    const names = unknown
      .split(", ")
      .filter((name, _, all) => !all.some((other) => other !== name && camel(other) === name));
    return usageError(names.map((name) => unknownOption(name, Object.keys(key), argv)).join("; "));
  }
  const invalid = [...message.matchAll(/Argument: (\S+), Given: (.*), Choices: (.*)$/gm)];
  if (invalid.length > 0) return usageError(invalid.map((found) => wrongChoice(found, choices, key)).join("; "));
  const [, missing] = /^Missing required arguments?: (.+)$/.exec(message) ?? [];
  if (missing !== undefined) {
    return usageError(
      missing
        .split(", ")
        .map((name) => {
          const allowed = choices[name];
          return `--${name} is needed${allowed === undefined ? "" : `: ${allowed.join(", ")}`}`;
        })
        .join("; "),
    );
  }
  const [, got, least] = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(message) ?? [];
  if (got !== undefined && least !== undefined) {
    const lacking = Number(least) - Number(got);
    return usageError(`${argv[0] ?? "unshift"} needs ${lacking} more ${lacking === 1 ? "word" : "words"} behind it`);
  }
  return usageError(message);
}

/** Options and surplus words come in the same message; only an option can be meant for an option. */
function unknownOption(name: string, known: readonly string[], argv: readonly string[]): string {
  const dashes = ["--", "-"].find((each) => argv.some((word) => word.split("=")[0] === each + name));
  if (dashes === undefined) return `${JSON.stringify(name)} is one word too many`;
  const near = nearest(
    name,
    known.filter((each) => each.length > 1 && /^[a-z-]+$/.test(each)),
  );
  return `unknown option ${dashes}${name}.${near === null ? "" : ` Did you mean "--${near}"?`}`;
}

function wrongChoice(
  [, name = "", given = ""]: RegExpMatchArray,
  choices: KnownOptions["choices"],
  known: KnownOptions["key"],
): string {
  const allowed = (choices[name] ?? []).map(String);
  const text = given.replace(/^"|"$/g, "");
  const near = nearest(text, allowed);
  // A word in its place is no option.
  const what = name in known && name !== "what" ? `--${name}` : `<${name}>`;
  return `${what} is ${given}. Allowed: ${allowed.join(", ")}.${near === null ? "" : ` Did you mean "${near}"?`}`;
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
