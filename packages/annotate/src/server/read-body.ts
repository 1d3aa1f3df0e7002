import type { IncomingMessage } from "node:http";
import { isRecord } from "../read-rating.js";
import { Refusal } from "../refusal.js";

/** A rating with the longest note in the widest characters fits. */
export const largestBody = 64 * 1024;

/** The JSON object a request brings. Throws {@link Refusal}. */
export async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new Refusal(415, "A request brings application/json.");
  if (Number(request.headers["content-length"] ?? 0) > largestBody) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw tooLarge();
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new Refusal(400, "The request is not JSON.");
  }
  if (!isRecord(value)) throw new Refusal(400, "The request is no JSON object.");
  return value;
}

function tooLarge(): Refusal {
  return new Refusal(413, `A request brings at most ${largestBody / 1024} KiB.`);
}
