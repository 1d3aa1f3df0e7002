import test from "ava";
import fc from "fast-check";
import { type Clock, Pace } from "../src/pace.js";

/** Time that passes only when somebody waits. */
function still(): Clock & { time: number } {
  const clock = {
    time: 0,
    now: () => clock.time,
    pause: async (ms: number) => {
      clock.time += ms;
    },
  };
  return clock;
}

const never = new AbortController().signal;

test("no window holds more requests or reserved tokens than allowed, whatever comes, and nobody waits without need", async (t) => {
  const step = fc.record({
    tokens: fc.integer({ min: 1, max: 60 }),
    idle: fc.integer({ min: 0, max: 40 }),
    used: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
    hold: fc.option(fc.integer({ min: 1, max: 150 }), { nil: null, freq: 6 }),
  });
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = still();
        const windowMs = 100;
        const limits = { requests: 4, tokens: 80 };
        const pace = new Pace({ ...limits, windowMs }, clock);
        const admitted: { at: number; tokens: number }[] = [];
        let held = 0;
        const full = (at: number, tokens: number) => {
          const inside = admitted.filter((each) => each.at + windowMs > at);
          return (
            inside.length + 1 > limits.requests ||
            inside.reduce((sum, each) => sum + each.tokens, tokens) > limits.tokens
          );
        };
        for (const { tokens, idle, used, hold } of steps) {
          clock.time += idle;
          if (hold !== null) {
            pace.hold(hold);
            held = Math.max(held, clock.time + hold);
          }
          const asked = clock.time;
          const admission = await pace.admit(tokens, never);
          const { at } = admission;
          if (full(at, tokens) || at < held) return false;
          // One moment earlier there was no room.
          if (at > asked && at - 1 >= held && !full(at - 1, tokens)) return false;
          if (used !== null) pace.settle(admission, Math.floor(tokens * used));
          admitted.push(admission);
        }
        return true;
      }),
    ),
  );
});

test("first come, first served; a request larger than the limit goes alone; one that goes away makes room", async (t) => {
  const pace = new Pace({ requests: null, tokens: 10, windowMs: 60 });
  const order: string[] = [];
  const leaving = new AbortController();
  const admit = (name: string, tokens: number, signal = never) =>
    pace.admit(tokens, signal).then(
      () => order.push(name),
      () => order.push(`${name} left`),
    );
  const all = Promise.all([admit("small", 5), admit("huge", 500), admit("gone", 5, leaving.signal), admit("tiny", 1)]);
  leaving.abort();
  await all;
  t.deepEqual(order, ["small", "huge", "gone left", "tiny"]);
});

test("tokens given back let the next one in before the window ends", async (t) => {
  const pace = new Pace({ requests: null, tokens: 10, windowMs: 60_000 });
  const first = await pace.admit(9, never);
  const second = pace.admit(9, never);
  await Promise.resolve();
  pace.settle(first, 1);
  t.is((await second).tokens, 9);
});
