import { type HubRepo, UnshiftError } from "@unshift/contracts";

const repoName = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9._-]+$/;

/** Refuses names that are no names: they become URLs and paths in the cache. */
export function checkRepo({ name, revision }: HubRepo): void {
  if (!repoName.test(name) || name.includes("..")) {
    throw new UnshiftError("HUB_NOT_FOUND", `${JSON.stringify(name)} is no repository of the hub. Wanted: OWNER/NAME.`);
  }
  if (!isRelativePath(revision)) {
    throw new UnshiftError(
      "HUB_NOT_FOUND",
      `${JSON.stringify(revision)} is no revision. Wanted: a branch, tag or commit.`,
    );
  }
}

export function checkFile(file: string): void {
  if (!isRelativePath(file)) {
    throw new UnshiftError("HUB_NOT_FOUND", `${JSON.stringify(file)} is no path inside a repository.`);
  }
}

function isRelativePath(text: string): boolean {
  return (
    !/[\\\u0000-\u001f]/.test(text) && text.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}

/** `dataset re-align/just-eval-instruct at main`. */
export function nameOf({ type, name, revision }: HubRepo): string {
  return `${type} ${name} at ${revision}`;
}

/** `/datasets` for datasets, nothing for models. */
export function webPath({ type, name }: HubRepo): string {
  return type === "dataset" ? `datasets/${name}` : name;
}

export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
