import { isUnshiftError, UnshiftError, type Where } from "@unshift/contracts";
import { printJson } from "./print.js";
import { terminalText } from "./terminal-text.js";

/** A command line that was not understood. */
export function usageError(message: string): UnshiftError {
  return new UnshiftError("USAGE", message, {
    hint: "`unshift --help` lists the commands, `unshift <command> --help` their options.",
  });
}

/**
 * Tells people (stderr) or programs (`--json`: stdout) what went wrong and gives the exit code. A user's fault prints without
 * a stack, a fault of ours with one.
 */
export function reportFailure(error: unknown, json: boolean): number {
  const known = isUnshiftError(error) ? error : new UnshiftError("INTERNAL", messageOf(error), { cause: error });
  if (json) {
    printJson(errorDocument(known));
  } else {
    process.stderr.write(`\n${describe(known)}\n`);
  }
  if (known.code === "INTERNAL") {
    const stack = error instanceof Error ? error.stack : undefined;
    process.stderr.write(
      `${stack ?? messageOf(error)}\nThis is a fault of Unshift. Please report it with the lines above.\n`,
    );
  }
  return known.exitCode;
}

/** What `--json` prints of an error. */
export function errorDocument({ code, message, where, hint }: UnshiftError) {
  return {
    error: { code, message, ...(where === undefined ? {} : { where }), ...(hint === undefined ? {} : { hint }) },
  };
}

function describe(error: UnshiftError): string {
  const place = error.where === undefined ? "" : `${placeOf(error.where)}: `;
  const hint = error.hint === undefined ? "" : `\n  ${error.hint}`;
  // A message may quote a file, an endpoint or a model.
  return terminalText(`${place}${error.message} [${error.code}]${hint}`);
}

function placeOf({ file, line, column }: Where): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
