import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** What else the machine was doing around a measure. */
export interface Quiet {
  /** Load average of the last minute, before and after. The benchmark's own work is in it; always 0 on Windows. */
  readonly load: readonly [number, number];
  /** Share of all processors' time that was busy for half a second in which the benchmark waited, before and after. */
  readonly busy: readonly [number, number];
  /** null: nothing else ran, as far as the processors tell. */
  readonly warning: string | null;
}

export interface Moment {
  readonly load: number;
  readonly busy: number;
}

/** From here on, figures that depend on two threads having two processors are not to be trusted. */
const tooBusy = 0.1;

/** Watches the processors while nothing of ours runs. */
export async function moment(): Promise<Moment> {
  const [idleBefore, totalBefore] = processorTimes();
  await sleep(500);
  const [idleAfter, totalAfter] = processorTimes();
  const total = totalAfter - totalBefore;
  return { load: loadavg()[0] ?? 0, busy: total <= 0 ? 0 : 1 - (idleAfter - idleBefore) / total };
}

export function quiet(before: Moment, after: Moment): Quiet {
  const busy = Math.max(before.busy, after.busy);
  return {
    load: [before.load, after.load],
    busy: [before.busy, after.busy],
    warning:
      busy < tooBusy
        ? null
        : `something else kept ${Math.round(100 * busy)} % of the processors busy: ratios may be off, repeat on a quiet machine`,
  };
}

function processorTimes(): [idle: number, total: number] {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return [idle, total];
}
