import { createStore } from "../src/index.js";
import { answerOf, blockOf, columnsOf, comparisonOf, manifestOf } from "./run-fixture.js";

/**
 * A run in a process of its own, for tests that kill it: `node writer-process.js <folder> <items> [die-after]`. It answers
 * and compares each item that is not there yet, and kills itself with appends and a part under way.
 */
const [folder = "", items = "0", dieAfter = "-1"] = process.argv.slice(2);
const run = await createStore().create(folder, manifestOf());
process.stdout.write("open\n");
const answered = new Set((await run.answers()).map(({ sampleId }) => sampleId));
const compared = await run.positionKeys();
for (let at = 0; at < Number(items); at += 1) {
  const id = `s${at}`;
  const block = blockOf("a→b", id, columnsOf(at, 40));
  const work = [
    ...(answered.has(id) ? [] : [run.appendAnswer(answerOf("base", id))]),
    ...(compared.has(block.key) ? [] : [run.writePositions(block), run.appendComparison(comparisonOf(block))]),
  ];
  if (at === Number(dieAfter)) {
    void run.flushPositions();
    await new Promise((resolve) => setImmediate(resolve));
    process.kill(process.pid, "SIGKILL");
  }
  await Promise.all(work);
  if (at % 5 === 4) await run.flushPositions();
}
// Holds the folder until it is told to end.
if (dieAfter === "hold") for await (const _ of process.stdin);
await run.close();
