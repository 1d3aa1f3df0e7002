import { type ErrorCode, errorCatalogue } from "./error-catalogue.js";

/** A place in a file a person wrote. Lines and columns count from 1. */
export interface Where {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorParts {
  readonly where?: Where | undefined;
  /** What to do about it, where the message does not say. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An error a user can see. Its code decides the exit code and names its paragraph in docs/reference/errors.md. */
export class UnshiftError extends Error {
  override readonly name = "UnshiftError";
  readonly code: ErrorCode;
  readonly where: Where | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.where = parts.where;
    this.hint = parts.hint;
  }

  get exitCode(): number {
    return errorCatalogue[this.code].exit;
  }
}

/** By shape, not by class: a plugin may carry its own copy of this package. */
export function isUnshiftError(error: unknown): error is UnshiftError {
  return (
    error instanceof Error &&
    error.name === "UnshiftError" &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code in errorCatalogue
  );
}
