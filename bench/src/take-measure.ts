import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench } from "./bench.js";
import type { Measure, Round, Values } from "./measure.js";
import { moment, quiet } from "./quiet.js";
import type { Measured } from "./results/bench-document.js";
import { figureResult } from "./results/figure-result.js";

/**
 * Takes one measure. Every side works once uncounted (files come into memory, processors up to speed), then `rounds` times in turn,
 * every other round in the opposite order, so that none of them always follows the same one. A quick run leaves the uncounted work out.
 */
export async function takeMeasure(measure: Measure, bench: Omit<Bench, "folder">, rounds: number): Promise<Measured> {
  const date = new Date().toISOString();
  const before = await moment();
  const folder = await mkdtemp(join(tmpdir(), "unshift-bench-"));
  try {
    const prepared = await measure.prepare({ ...bench, folder });
    try {
      const taken: Round[] = [];
      for (const side of bench.quick ? [] : prepared.sides) {
        bench.log(`${measure.id} warm-up: ${side.id}`);
        await (side.warmUp ?? side.run)(bench.signal);
      }
      for (let round = 0; round < rounds; round++) {
        const values: Record<string, Values> = {};
        for (const side of round % 2 === 0 ? prepared.sides : prepared.sides.toReversed()) {
          bench.signal.throwIfAborted();
          values[side.id] = await side.run(bench.signal);
          bench.log(`${measure.id} round ${round + 1}/${rounds}: ${side.id} ${told(values[side.id])}`);
        }
        taken.push(values);
      }
      const after = await moment();
      const check = await prepared.check();
      return {
        id: measure.id,
        title: measure.title,
        meaning: measure.meaning,
        date,
        quiet: quiet(before, after),
        work: prepared.work,
        sides: prepared.sides.map(({ id, title }) => ({ id, title })),
        rounds: taken,
        figures: measure.figures.map((figure) => figureResult(figure, taken, !bench.quick)),
        check,
      };
    } finally {
      await prepared.dispose();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function told(values: Values | undefined): string {
  return Object.entries(values ?? {})
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(", ");
}
