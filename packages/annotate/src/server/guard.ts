import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Refusal } from "../refusal.js";

/**
 * Lets a request in that comes from this very page, and gives the path behind the token. A foreign `Host` is a name that was made to
 * point here, a foreign `Origin` another site in the same browser; without the token nobody gets anything.
 */
export function guardedPath(request: IncomingMessage, token: string, port: number): string {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = request.headers;
  if (host === undefined || !hosts.includes(host))
    throw new Refusal(403, "This server answers to its own address only.");
  // Taken as it stands: nothing is decoded or resolved, so no spelling of a path means another one.
  const [path = ""] = (request.url ?? "").split("?");
  const [, given = "", ...rest] = path.split("/");
  if (!sameText(given, token))
    throw new Refusal(403, "The address lacks the token. Take the whole address that the command printed.");
  if (origin !== undefined && origin !== `http://${host}`)
    throw new Refusal(403, "Requests of other pages are refused.");
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    throw new Refusal(403, "Requests of other pages are refused.");
  }
  return rest.join("/");
}

/** Takes the same time wherever the first difference stands. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
