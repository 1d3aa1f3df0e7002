import type { ExecutionContext } from "ava";
import { type AnnotationServer, type AnnotationServerOptions, serveAnnotation } from "../src/index.js";
import type { BlindKey, Progress, Rating, ShownItem } from "../src/protocol.js";
import { openRun } from "./synthetic-run.js";

/** Everything a server said, as text. */
export interface Said {
  readonly bodies: string[];
}

/** Serves a run folder until the end of the test, or until `stop`. */
export async function serve(
  t: ExecutionContext,
  folder: string,
  options: Partial<AnnotationServerOptions> = {},
): Promise<{ readonly server: AnnotationServer; readonly stop: () => Promise<void>; readonly faults: unknown[] }> {
  const store = options.store ?? (await openRun(t, folder));
  const faults: unknown[] = [];
  const server = await serveAnnotation({
    store,
    mode: "pairwise",
    systems: null,
    aspects: null,
    seed: 1,
    reveal: false,
    rater: null,
    port: 0,
    onFault: (error) => faults.push(error),
    ...options,
  });
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopped ??= server.close().then(() => store.close());
    return stopped;
  };
  t.teardown(stop);
  return { server, stop, faults };
}

/** The page's calls, for one rater. */
export function client(url: string, rater: string, said: Said = { bodies: [] }) {
  const call = async <T>(path: string, body: object): Promise<T> => {
    const response = await fetch(new URL(path, url), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ rater, ...body }),
    });
    const text = await response.text();
    said.bodies.push([...response.headers].flat().join(" "), text);
    if (!response.ok) throw new Error(`${response.status}: ${(JSON.parse(text) as { error: string }).error}`);
    return JSON.parse(text) as T;
  };
  return {
    progress: () => call<Progress>("api/progress", {}),
    item: (at: number) => call<ShownItem>("api/item", { at }),
    rate: (item: string, rating: Rating) => call<Progress>("api/rate", { item, rating }),
    reveal: () => call<BlindKey>("api/reveal", {}),
  };
}
