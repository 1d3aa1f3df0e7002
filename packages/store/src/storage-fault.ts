import { isUnshiftError, UnshiftError } from "@unshift/contracts";

/** Reasons as people say them, by errno. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "it is a folder, not a file",
  EEXIST: "something else of that name is there",
  ENOENT: "a part of the path does not exist",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its symbolic links go in a circle",
  EMFILE: "too many files are open",
  EIO: "the device reported an error",
};

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Whether `error` says that a path does not exist. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === "ENOENT";
}

/** Whether `error` carries one of the given errno names. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = codeOf(error);
  return code !== null && codes.includes(code);
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return (code === null ? undefined : reasons[code]) ?? message.split("\n")[0] ?? message;
}

function isDiskFull(error: unknown): boolean {
  // DuckDB reports the errno as text only.
  const message = error instanceof Error ? error.message : "";
  return hasCode(error, "ENOSPC", "EDQUOT", "EFBIG") || /no space left on device|disk quota exceeded/i.test(message);
}

/** A failed write: RUN_NO_SPACE where the disk is full, RUN_NOT_WRITABLE with path and reason otherwise. */
export function writeFault(error: unknown, path: string): UnshiftError {
  if (isUnshiftError(error)) return error;
  if (isDiskFull(error)) {
    return new UnshiftError("RUN_NO_SPACE", `No space left to write ${path}.`, {
      hint: "Free some space and give the same command again: finished items are kept.",
      cause: error,
    });
  }
  return new UnshiftError("RUN_NOT_WRITABLE", `Cannot write ${path}: ${reasonOf(error)}.`, {
    hint: "Choose another output folder, or make this one writable.",
    cause: error,
  });
}

/** A failed read of a file that a run folder should hold: RUN_CORRUPT. */
export function readFault(error: unknown, path: string): UnshiftError {
  if (isUnshiftError(error)) return error;
  return new UnshiftError("RUN_CORRUPT", `Cannot read ${path}: ${reasonOf(error)}.`, {
    where: { file: path },
    cause: error,
  });
}
