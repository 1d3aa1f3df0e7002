import { isUnshiftError } from "@unshift/contracts";
import test, { type ExecutionContext } from "ava";
import { planExperiment } from "../../src/run/plan-experiment.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { contentOf } from "./folder-content.js";
import { type WorkshopOptions, workshop } from "./workshop.js";

/** What the fake engine says one of the two models takes. */
const one = 1_000_000 + 4096 * 4 * 1024;

async function run(t: ExecutionContext, options: WorkshopOptions) {
  const { loaded, services, engines } = await (await workshop(t)).open(options);
  const outcome = await runExperiment(loaded, services).catch((error: unknown) => {
    if (isUnshiftError(error)) return error;
    throw error;
  });
  return { outcome, opened: engines.flatMap(({ calls }) => calls.opened) };
}

const residencyOf = ({ outcome }: Awaited<ReturnType<typeof run>>) => {
  if (outcome instanceof Error) throw outcome;
  return outcome.manifest.experiment["residency"];
};

test("together where both fit, in turn where one does, refused where none does", async (t) => {
  const roomy = await run(t, { engine: { availableBytes: 2 * one } });
  t.deepEqual(residencyOf(roomy), { mode: "together" });
  const notes: string[] = [];
  const tight = await run(t, {
    engine: { availableBytes: 2 * one - 1 },
    onNote: (note) => notes.push(note),
  });
  t.deepEqual(residencyOf(tight), { mode: "sequential", rows: "f32" });
  t.true(notes.some((note) => note.startsWith("models take turns in memory: both need 35.6 MB")));
  const small = await run(t, { engine: { availableBytes: one - 1 } });
  t.like(small.outcome, { code: "MEMORY_TOO_SMALL", exitCode: 3 });
  t.deepEqual(small.opened, []);
  const message = (small.outcome as Error).message;
  t.regex(message, /the largest model alone needs 17\.8 MB of this machine's memory; there are 17\.8 MB \(as told\)/);
  t.regex(message, /base 1 MB of weights and 16\.8 MB of contexts; aligned/);
});

test("what is written counts: together is refused with the remedy, a note lets it be tried", async (t) => {
  const engine = { availableBytes: 2 * one - 1 };
  const yaml = (line: string) => (text: string) => `${text}${line}\n`;
  const together = await run(t, { engine, yaml: yaml("residency: together") });
  t.like(together.outcome, { code: "MEMORY_TOO_SMALL" });
  t.regex(String((together.outcome as { hint?: string }).hint), /residency: sequential/);
  const notes: string[] = [];
  const tried = await run(t, {
    engine,
    yaml: yaml("residency: together\nmemoryCheck: note"),
    onNote: (note) => notes.push(note),
  });
  t.deepEqual(residencyOf(tried), { mode: "together" });
  t.true(notes.some((note) => /tried all the same/.test(note)));
  t.deepEqual(residencyOf(await run(t, { yaml: yaml("residency: sequential") })), { mode: "sequential", rows: "f32" });
});

test("in turn and together leave the same records", async (t) => {
  const shop = await workshop(t);
  const content = async (output: string, set: string[]) => {
    const { loaded, services } = await shop.open({ output, set });
    return contentOf(await runExperiment(loaded, services));
  };
  t.deepEqual(await content("turns", ["residency=sequential"]), await content("together", ["residency=together"]));
});

test("a plan tells what is needed and refuses nothing", async (t) => {
  const { loaded, services } = await (await workshop(t)).open({ engine: { availableBytes: 10 } });
  const plan = await planExperiment(loaded, services);
  t.true(plan.notes.some((note) => /a run is refused/.test(note)));
  t.deepEqual(
    plan.devices.map(({ togetherBytes, sequentialBytes }) => [togetherBytes, sequentialBytes]),
    [[2 * one, one]],
  );
});

test("rounded rows need sequential written", async (t) => {
  const open = async (set: string) => (await workshop(t)).open({ set: [set] });
  await t.throwsAsync(open("residency.rows=f16"), { code: "CONFIG_INVALID", message: /mode: sequential/ });
  await t.notThrowsAsync(open("residency={ mode: sequential, rows: f16 }"));
});

test("keys: where a server listens and how a file is read change nothing, devices and splits do", async (t) => {
  const shop = await workshop(t);
  const todo = async (...lines: string[]) => {
    const set = lines.map((line) => `models.base.${line}`);
    const { loaded, services } = await shop.open({ set });
    return (await planExperiment(loaded, services)).shifts.map(({ toDo }) => toDo > 0);
  };
  const first = await shop.open({ set: ["models.base.rpc=['a:1']"] });
  await runExperiment(first.loaded, first.services);
  t.deepEqual(await todo("rpc=['b:2']", "mmap=false"), [false]);
  for (const change of [
    ["rpc=['a:1', 'b:2']"],
    ["rpc=['a:1']", "devices=[]"],
    ["rpc=['a:1']", "tensorSplit=[1]"],
    ["rpc=[]"],
  ])
    t.deepEqual(await todo(...change), [true], change.join());
});
