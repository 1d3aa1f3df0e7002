const shiftMs = 1000 * 24 * 60 * 60 * 1000;

/**
 * Runs `work` as if it were a thousand days later: what asks the clock gives something else. Only until `work` returns, so that
 * nothing else in the process ever sees it; what an asynchronous function does later runs on the real day.
 */
export function onAnotherDay<Result>(work: () => Result): Result {
  const real = globalThis.Date;
  globalThis.Date = new Proxy(real, {
    get: (target, key) => (key === "now" ? () => target.now() + shiftMs : Reflect.get(target, key, target)),
    construct: (target, given) => Reflect.construct(target, given.length === 0 ? [target.now() + shiftMs] : given),
    apply: (target) => new target(target.now() + shiftMs).toString(),
  });
  try {
    return work();
  } finally {
    globalThis.Date = real;
  }
}
