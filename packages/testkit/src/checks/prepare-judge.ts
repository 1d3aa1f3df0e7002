import type { Judge, Ranker } from "@unshift/contracts";
import { createFakeEngine } from "../fake-engine/create-fake-engine.js";
import { expect } from "./expect.js";

/** Prepares a judge as core does, with rankers of the fake engine; what it tells people is checked. */
export async function prepareJudge(judge: Judge): Promise<void> {
  const { signal } = new AbortController();
  const engine = createFakeEngine();
  await judge.prepare?.({
    signal,
    ranker: (path): Promise<Ranker> => engine.ranker({ path, gpuLayers: null, threads: null }, { signal }),
    note: (message) => expect(typeof message === "string" && message !== "", "prepare gives a note without text"),
  });
}
