/**
 * `fetch`, except that what a server says of a refused request always stands where the OpenAI API puts it, `error.message`:
 * servers also say `detail`, `message`, a bare `error`, plain text or a page of HTML, which the SDK would drop.
 */
export async function fetchWithWords(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: "manual" });
  if (response.ok || response.body === null) return response;
  const error = errorOf(await response.text());
  const headers = new Headers(response.headers);
  for (const name of ["content-length", "content-encoding", "transfer-encoding"]) headers.delete(name);
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify({ error }), { status: response.status, headers });
}

/** What an error's body says: an object with a message, and whatever else stood beside it. */
export function errorOf(body: string): { readonly message: string; readonly [key: string]: unknown } {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    return { message: body.replaceAll(/<(script|style)[\s\S]*?<\/\1>/gi, " ").replaceAll(/<[^>]*>/g, " ") };
  }
  const inner = isRecord(said) && said["error"] !== undefined && said["error"] !== null ? said["error"] : said;
  if (!isRecord(inner)) return { message: textOf(inner) };
  const message = inner["message"] ?? inner["detail"] ?? inner["error"];
  return { ...inner, message: message === undefined ? JSON.stringify(inner) : textOf(message) };
}

/** One line, short enough for a message; nothing in it can move a terminal's cursor. */
export function shortened(words: string, most = 300): string {
  const line = words.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
