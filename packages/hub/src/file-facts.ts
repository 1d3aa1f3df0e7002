import { type HubRepo, UnshiftError } from "@unshift/contracts";
import { closest, distance } from "fastest-levenshtein";
import { commitPattern } from "./cache-layout.js";
import type { HubClient } from "./hub-client.js";
import { encodePath, nameOf, webPath } from "./repo-text.js";

/** What the hub says of a file before it sends it. */
export interface FileFacts {
  readonly url: string;
  readonly commit: string;
  /** Hash and name of the blob: sha256 (64 digits, large files) or git's sha1 (40 digits). */
  readonly etag: string;
  readonly sizeBytes: number;
}

/** Asks for a file's commit, hash and size. The hub says them itself, before it redirects to where the bytes are. */
export async function fileFacts(
  client: HubClient,
  endpoint: string,
  repo: HubRepo,
  file: string,
  signal: AbortSignal,
  listing: () => Promise<readonly string[]>,
): Promise<FileFacts> {
  const url = `${endpoint}/${webPath(repo)}/resolve/${encodeURIComponent(repo.revision)}/${encodePath(file)}`;
  const response = await client.send({ method: "HEAD", url, leaveHost: false, signal, understood: [401, 403, 404] });
  const { headers, status } = response;
  if (status >= 400) throw await refusal(client, repo, response, file, listing);
  const commit = headers.get("x-repo-commit") ?? "";
  const etag = (headers.get("x-linked-etag") ?? headers.get("etag") ?? "").replace(/^W\//, "").replaceAll('"', "");
  const sizeBytes = Number(headers.get("x-linked-size") ?? headers.get("content-length") ?? Number.NaN);
  if (!commitPattern.test(commit) || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag) || !Number.isSafeInteger(sizeBytes)) {
    throw new UnshiftError(
      "HUB_RESPONSE",
      `${new URL(url).host} does not say commit, hash and size of ${file} in ${nameOf(repo)}; without them it cannot be checked`,
      { hint: "A mirror named by HF_ENDPOINT must pass on the hub's headers." },
    );
  }
  return { url, commit, etag, sizeBytes };
}

/** 401, 403 and 404 in words. The hub answers 401 for what does not exist too, so as not to tell. */
export async function refusal(
  client: HubClient,
  repo: HubRepo,
  { status, headers }: Response,
  file: string | null,
  listing: () => Promise<readonly string[]>,
): Promise<UnshiftError> {
  const reason = headers.get("x-error-code") ?? "";
  const what = file === null ? nameOf(repo) : `${file} of ${nameOf(repo)}`;
  if (status !== 404) {
    const gated = reason === "GatedRepo";
    const message = gated
      ? `${what} is gated: its owner asks for terms to be accepted first`
      : `the hub does not give ${what}: it is private, or it does not exist`;
    const hint = client.hasToken
      ? `HF_TOKEN is set, but its account has no access${gated ? "; accept the terms on the repository's page with that account" : ""}.`
      : "Set HF_TOKEN to a read token of an account that has access; it is sent to the hub alone and stored nowhere.";
    return new UnshiftError("HUB_UNAUTHORIZED", `${message} (${status})`, { hint });
  }
  if (reason === "RevisionNotFound") {
    return new UnshiftError(
      "HUB_NOT_FOUND",
      `${repo.type} ${repo.name} has no revision ${JSON.stringify(repo.revision)}`,
      {
        hint: "Wanted: a branch, tag or commit. Without `@REVISION` it is main.",
      },
    );
  }
  if (file === null || reason === "RepoNotFound") {
    return new UnshiftError("HUB_NOT_FOUND", `the hub has no ${repo.type} ${repo.name}`, {
      hint: client.hasToken ? undefined : "A private repository is found only with HF_TOKEN.",
    });
  }
  return new UnshiftError("HUB_NOT_FOUND", `${nameOf(repo)} has no file ${JSON.stringify(file)}`, {
    hint: nearest(file, await listing()),
  });
}

function nearest(file: string, files: readonly string[]): string | undefined {
  if (files.length === 0) return undefined;
  const near = [...files].sort((a, b) => distance(a, file) - distance(b, file)).slice(0, 8);
  return `Did you mean ${JSON.stringify(closest(file, files))}? It holds ${near.join(", ")}${files.length > 8 ? `, … (${files.length})` : ""}.`;
}
