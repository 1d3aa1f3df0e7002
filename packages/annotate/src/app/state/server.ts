import type { BlindKey, Progress, Rating, ShownItem } from "../../protocol.js";

/** Calls of the page; each throws an Error whose message is for people. */
export const server = {
  progress: (rater: string) => call<Progress>("api/progress", { rater }),
  item: (rater: string, at: number) => call<ShownItem>("api/item", { rater, at }),
  rate: (rater: string, item: string, rating: Rating) => call<Progress>("api/rate", { rater, item, rating }),
  reveal: (rater: string) => call<BlindKey>("api/reveal", { rater }),
};

async function call<T>(path: string, body: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error(
      "The command does not answer. Was it ended? Start it again and take its new address; what was saved is kept.",
    );
  }
  const answer = (await response.json()) as T | { readonly error: string };
  if (!response.ok) throw new Error((answer as { readonly error: string }).error);
  return answer as T;
}
