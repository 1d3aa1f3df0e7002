import type { IncomingMessage } from "node:http";
import type { Annotation } from "../annotation.js";
import { Refusal } from "../refusal.js";
import { readBody } from "./read-body.js";

type Body = Readonly<Record<string, unknown>>;
type Call = (annotation: Annotation, body: Body) => unknown;

/** Everything the page can ask for, by path. */
const calls: Readonly<Record<string, Call>> = {
  "api/progress": (annotation, body) => annotation.progress(text(body, "rater")),
  "api/item": (annotation, body) => annotation.item(text(body, "rater"), index(body, "at")),
  "api/rate": (annotation, body) => annotation.rate(text(body, "rater"), text(body, "item"), body["rating"]),
  "api/reveal": (annotation, body) => annotation.reveal(text(body, "rater")),
};

/** Answers one call of the page; null where the path is that of the page itself. Throws {@link Refusal} and what the store throws. */
export async function answerRequest(request: IncomingMessage, path: string, annotation: Annotation): Promise<unknown> {
  if (path === "") {
    requireMethod(request, "GET", "HEAD");
    return null;
  }
  const call = Object.hasOwn(calls, path) ? calls[path] : undefined;
  if (call === undefined) throw new Refusal(404, "There is nothing here.");
  requireMethod(request, "POST");
  return call(annotation, await readBody(request));
}

function requireMethod({ method = "" }: IncomingMessage, ...allowed: readonly string[]): void {
  if (!allowed.includes(method)) throw new Refusal(405, `This takes ${allowed.join(" or ")}.`);
}

function text(body: Body, key: string): string {
  const value = body[key];
  if (typeof value !== "string" || value.length > 200) throw new Refusal(400, `The request lacks the text "${key}".`);
  return value;
}

function index(body: Body, key: string): number {
  const value = body[key];
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new Refusal(400, `The request lacks the whole number "${key}".`);
  }
  return value;
}
