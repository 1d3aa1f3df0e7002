import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type AnswerRecord, UnshiftError } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import { nearest } from "@unshift/core";
import {
  unwrittenReasons,
  type WrittenAnswers,
  type WrittenFormat,
  writeAnswers,
  writtenFormats,
} from "@unshift/formats";
import { createStore, publishFolder, publishText } from "@unshift/store";
import type { ExportArguments } from "../commands/export.js";
import { usageError } from "../output/failure.js";
import { print, printJson, tell } from "../output/print.js";

/** One system's answers, written, and the reasons of those that are not there. */
interface ReleasedSystem {
  readonly system: string;
  readonly generator: string;
  readonly name: string;
  readonly written: WrittenAnswers;
  /** Sample id → why it has no answer. */
  readonly reasons: ReadonlyMap<string, string>;
}

/**
 * Writes answers in a format that others released: one system into the file `--out`, all into a folder with a file each. What
 * cannot be in it is counted and named on stderr.
 */
export async function exportReleased(args: ExportArguments, format: WrittenFormat): Promise<void> {
  if (args.generator !== undefined && args.system === undefined) {
    throw usageError("--generator names one system's answers: give --system too");
  }
  const out = resolve(args.out);
  const store = await createStore().open(resolve(args.run), { readOnly: true });
  const systems = await writtenSystems(store, format, args).finally(() => store.close());
  const [only] = systems;
  if (args.system !== undefined && only !== undefined) {
    await publishText(out, only.written.content, { force: args.force });
  } else {
    await publishFolder(out, async (folder) => {
      for (const { name, written } of systems) await writeFile(join(folder, name), written.content);
    });
  }
  for (const system of systems) tellUnwritten(system);
  const result = systems.map(({ system, generator, name, written }) => ({
    system,
    generator,
    file: args.system === undefined ? join(out, name) : out,
    answers: written.answers,
    leftOut: written.unwritten,
  }));
  if (args.json) printJson({ what: "answers", format, out, systems: result });
  else for (const { system, answers, file } of result) print(`${answers} answers of ${system} written to ${file}`);
}

async function writtenSystems(
  store: RunStore,
  format: WrittenFormat,
  { system: asked, generator }: ExportArguments,
): Promise<readonly ReleasedSystem[]> {
  const samples = await store.samples();
  const answers = await store.answers();
  const ids = [...new Set(answers.map(({ system }) => system))].sort();
  if (ids.length === 0) throw new UnshiftError("RUN_UNFINISHED", `${store.folder} holds no answers`);
  if (asked !== undefined && !ids.includes(asked)) {
    const near = nearest(asked, ids);
    throw new UnshiftError("EXPORT_TARGET", `the run has no answers of a system ${JSON.stringify(asked)}`, {
      hint: `Its systems: ${ids.join(", ")}.${near === null ? "" : ` Did you mean ${near}?`}`,
    });
  }
  const time = new Date(store.manifest().createdAt);
  return ids
    .filter((id) => asked === undefined || id === asked)
    .map((id): ReleasedSystem => {
      const records = new Map(answers.filter(({ system }) => system === id).map((each) => [each.sampleId, each]));
      const items = samples.map((sample) => ({ sample, text: textOf(records.get(sample.id)) }));
      const name = generator ?? id;
      return {
        system: id,
        generator: name,
        name: `${id}${writtenFormats[format].extension}`,
        written: writeAnswers(format, items, { generator: name, time }),
        reasons: new Map(samples.map(({ id: sampleId }) => [sampleId, reasonOf(records.get(sampleId))])),
      };
    });
}

function textOf(record: AnswerRecord | undefined): string | null {
  return record?.status === "answered" ? record.text : null;
}

function reasonOf(record: AnswerRecord | undefined): string {
  if (record === undefined) return "the run has not come to it";
  return record.status === "answered" ? "" : `${record.status}: ${record.reason.message} [${record.reason.code}]`;
}

const named = 20;

function tellUnwritten({ system, written, reasons }: ReleasedSystem): void {
  const { unwritten } = written;
  if (unwritten.length === 0) return;
  tell(`${system}: ${unwritten.length} of ${reasons.size} samples are not in the file:`);
  for (const { sampleId, reason } of unwritten.slice(0, named)) {
    tell(`  ${sampleId}: ${reason === "unanswered" ? reasons.get(sampleId) : unwrittenReasons[reason]}`);
  }
  if (unwritten.length > named) tell(`  and ${unwritten.length - named} more (--json names them all)`);
}
