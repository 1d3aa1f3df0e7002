import { existsSync } from "node:fs";
import test from "ava";
import type { Bench } from "../src/bench.js";
import { type Measure, ratio } from "../src/measure.js";
import { takeMeasure } from "../src/take-measure.js";

const bench = (change: Partial<Bench> = {}): Omit<Bench, "folder"> => ({
  models: { model: "", twin: "" },
  ...{ answers: [], threads: 1, gpuLayers: 0, quick: false, signal: new AbortController().signal },
  peer: () => "",
  log: () => undefined,
  ...change,
});

/** A measure of two sides that write down what happens to them. */
function recorded(events: string[], fail: string | null = null): Measure {
  const side = (id: string, seconds: number) => ({
    id,
    title: id,
    async run() {
      events.push(id);
      if (id === fail) throw new Error(`${id} broke`);
      return { seconds };
    },
  });
  return {
    ...{ id: "P0", title: "Two sides", meaning: "Nothing.", needs: { models: false, peers: [] } },
    figures: [
      { id: "time", title: "a / b", unit: "×", target: { direction: "at least", value: 3 }, of: ratio("a", "b") },
    ],
    async prepare({ folder }) {
      events.push(existsSync(folder) ? "folder" : "no folder");
      return {
        sides: [side("a", 6), { ...side("b", 2), warmUp: async () => void events.push("warm b") }],
        work: { things: 1 },
        check: async () => ({ agree: true, text: "alike" }),
        dispose: async () => void events.push(existsSync(folder) ? "disposed" : "disposed too late"),
      };
    },
  };
}

test("sides warm up, then take turns, every other round in the opposite order", async (t) => {
  const events: string[] = [];
  const result = await takeMeasure(recorded(events), bench(), 3);
  t.deepEqual(events, ["folder", "a", "warm b", "a", "b", "b", "a", "a", "b", "disposed"]);
  t.is(result.rounds.length, 3);
  t.deepEqual(result.rounds[1], { a: { seconds: 6 }, b: { seconds: 2 } });
  t.like(result.figures[0], { median: 3, met: true });
});

test("a quick run does nothing twice and judges nothing", async (t) => {
  const events: string[] = [];
  const result = await takeMeasure(recorded(events), bench({ quick: true }), 1);
  t.deepEqual(events, ["folder", "a", "b", "disposed"]);
  t.is(result.figures[0]?.met, null);
});

test("what was prepared is given back where a side throws, and where it is stopped", async (t) => {
  const events: string[] = [];
  await t.throwsAsync(takeMeasure(recorded(events, "b"), bench(), 1), { message: "b broke" });
  t.deepEqual(events, ["folder", "a", "warm b", "a", "b", "disposed"]);
  events.length = 0;
  await t.throwsAsync(takeMeasure(recorded(events), bench({ signal: AbortSignal.abort() }), 1), {
    any: true,
    name: "AbortError",
  });
  t.is(events.at(-1), "disposed");
});
