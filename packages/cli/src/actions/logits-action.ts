import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import type { Engine } from "@unshift/contracts/services";
import {
  createEngine,
  type LoadedExperiment,
  openStoredModel,
  type PlannedLogits,
  planLogits,
  type RunServices,
  readRun,
  type StoredRun,
} from "@unshift/core";
import { bytesOf, LogitsFolder, type LogitsPlan, shardBytes, shardCount } from "@unshift/store";
import type { LogitsArguments } from "../commands/logits.js";
import { pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { filePlan } from "../logits/file-plan.js";
import { type Room, requireRoom, roomFor } from "../logits/room.js";
import { writeRows } from "../logits/write-rows.js";
import { bytes } from "../output/format.js";
import { print, printJson, tell } from "../output/print.js";
import { logitsProgress } from "../progress/logits-progress.js";
import { runServices } from "../run-services.js";

type Services = ReturnType<typeof runServices>;

/** Writes the rows of a run's answers; what a folder has already is not computed again. */
export async function logitsAction(args: LogitsArguments): Promise<void> {
  const loaded = await experimentNamed(args.run);
  const services = runServices(await pluginRegistry(loaded), { verbose: args.verbose, signal: interruptSignal() });
  try {
    const run = await readStored(loaded?.experiment.output ?? resolve(args.run), services);
    const engine = await createEngine(loaded, services);
    try {
      await work(args, run, loaded, engine, services);
    } finally {
      await engine.dispose();
    }
  } catch (error) {
    throw services.signal.aborted ? interrupted(error) : error;
  } finally {
    services.stop();
  }
}

async function work(
  args: LogitsArguments,
  run: StoredRun,
  loaded: LoadedExperiment | null,
  engine: Engine,
  services: Services,
): Promise<void> {
  const planned = planLogits(run, { ...args, samples: args.sample });
  const { system, under, positions, without } = planned;
  if (planned.rows === 0) {
    throw new UnshiftError("DATASET_EMPTY", `no answer of "${system}" under "${under}" has a row`, {
      hint: "The run may be unfinished: give the `unshift run` command again.",
    });
  }
  const form = { ...args, shardBytes: args.shardSize };
  const plan = filePlan(run, planned, engine.identity, form);
  const out = resolve(args.out);
  const room = await roomFor(out, plan);
  announce(run, planned, plan, room);
  if (!args.force && !args.dryRun) requireRoom(out, plan, room);
  if (!args.dryRun && room.needed > 0) {
    const model = await openStoredModel(engine, run, planned.model, loaded, services);
    services.stop();
    const folder = await LogitsFolder.open(out, plan);
    try {
      const onRows = logitsProgress(folder.nextRow, plan.rows, plan.vocabularySize * bytesOf(plan.dtype));
      await writeRows(model, planned, folder, form, { signal: services.signal, onRows });
    } finally {
      await folder.close();
    }
  }
  if (args.json) {
    const { values, dtype, rows, vocabularySize, shards, samples } = plan.facts;
    const facts = { system, under, positions, values, dtype, rows, vocabularySize, shards, samples, without };
    printJson({ out, ...facts, bytes: shardBytes(plan), ...room });
  } else if (!args.dryRun) {
    print(out);
  }
}

/** The experiment, where its file was named in place of the run folder. */
async function experimentNamed(written: string): Promise<LoadedExperiment | null> {
  // A folder may be called so too; a file that is not there is told as a missing experiment.
  const yaml = [".yaml", ".yml"].includes(extname(written).toLowerCase());
  const file = yaml && ((await stat(written).catch(() => null))?.isFile() ?? true);
  return file ? readExperiment({ experiment: written }) : null;
}

async function readStored(folder: string, services: RunServices): Promise<StoredRun> {
  const store = await services.store.open(folder, { readOnly: true });
  try {
    return await readRun(store);
  } finally {
    await store.close();
  }
}

function announce(run: StoredRun, planned: PlannedLogits, plan: LogitsPlan, room: Room): void {
  const { values, dtype } = plan.facts;
  const whole = `${plan.rows} rows × ${plan.vocabularySize} ids × ${bytesOf(plan.dtype)} bytes = ${bytes(shardBytes(plan))}`;
  const files = shardCount(plan) === 1 ? "1 file" : `${shardCount(plan)} files`;
  tell(
    `${values} (${dtype}) of ${planned.samples.length} answers of "${planned.system}" under "${planned.under}": ${whole} in ${files}`,
  );
  if (room.present > 0) tell(`${room.present} rows are there already`);
  if (room.needed > 0) tell(`still to write: ${bytes(room.needed)}; free: ${bytes(room.free)}`);
  if (planned.without > 0) {
    tell(`note: ${planned.without} samples have no rows: they were not answered, were skipped, or have no token`);
  }
  if (plan.facts["engine"] !== run.manifest.engine) {
    tell(
      `note: the run was made by "${run.manifest.engine}", these rows by "${String(plan.facts["engine"])}": they may differ from its figures in the last digits`,
    );
  }
}

function interrupted(cause: unknown): unknown {
  if (isUnshiftError(cause) && cause.code !== "ABORTED") return cause;
  return new UnshiftError("ABORTED", "interrupted; finished files are kept and the same command continues", { cause });
}
