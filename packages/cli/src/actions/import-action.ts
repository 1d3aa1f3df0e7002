import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { instructionOf, type Sample, UnshiftError } from "@unshift/contracts";
import { nearest } from "@unshift/core";
import {
  type AnswerFormat,
  answerFormats,
  type LeftOut,
  leftOutReasons,
  Questions,
  ReleasedSet,
  readAnswers,
  readVerdicts,
  type VerdictFormat,
} from "@unshift/formats";
import { publishFolder } from "@unshift/store";
import type { ImportArguments } from "../commands/import.js";
import { AnswerFiles } from "../imported/answer-files.js";
import { experimentText } from "../imported/experiment-text.js";
import { systemIds } from "../imported/system-ids.js";
import { type RecordedJudge, VerdictFiles } from "../imported/verdict-files.js";
import { interruptSignal } from "../interrupt.js";
import { checkModelFile } from "../model-files.js";
import { print, printJson, tell } from "../output/print.js";
import { shellWord } from "../output/shell-word.js";

interface SourceFile<Format> {
  readonly file: string;
  readonly format: Format;
  readonly sha256: string;
}

/** What `unshift import --json` prints. */
interface Imported {
  /** Folder that was written, and the experiment in it. */
  readonly output: string;
  readonly experiment: string;
  readonly files: readonly SourceFile<AnswerFormat>[];
  readonly verdictFiles: readonly SourceFile<VerdictFormat>[];
  readonly samples: number;
  /** Questions nobody answered; they are no samples. */
  readonly unansweredQuestions: number;
  /** By system id. */
  readonly systems: Readonly<
    Record<
      string,
      {
        readonly generator: string;
        /** In the folder; null where none of its answers is left. */
        readonly file: string | null;
        readonly answers: number;
        /** Of these, texts that are empty. */
        readonly empty: number;
        /** What was left out of its answers, by reason. */
        readonly leftOut: LeftOut;
      }
    >
  >;
  /** By judge id. */
  readonly judges: Readonly<Record<string, Omit<RecordedJudge, "id" | "aspects" | "highest" | "pairs">>>;
  /** Verdicts on answers that are not among those imported. */
  readonly verdictsOfOthers: number;
}

/** Reads released files of answers and writes a folder with samples, answers by generator, and an experiment over them. */
export async function importAction(args: ImportArguments): Promise<void> {
  const output = resolve(args.output);
  const model = await modelPath(args.model, output);
  const format = formatOf(args.format);
  for (const file of [
    ...args.files,
    ...(args.verdicts ?? []),
    ...(args.questions === undefined ? [] : [args.questions]),
  ]) {
    await checkThere(file);
  }
  const imported = await publishFolder(output, (folder) => fill(folder, output, model, format, args));
  report(imported, args.json);
}

async function fill(
  folder: string,
  output: string,
  model: string | null,
  format: AnswerFormat | undefined,
  args: ImportArguments,
): Promise<Imported> {
  const signal = interruptSignal();
  const questions = args.questions === undefined ? null : await Questions.read(resolve(args.questions), signal);
  const set = new ReleasedSet(questions);
  const written = new AnswerFiles(folder);
  const files: { file: string; format: AnswerFormat; sha256: string }[] = [];
  try {
    for (const file of args.files.map((path) => resolve(path))) {
      const { generator } = args;
      const read = await readAnswers(file, { format, generator, questions: questions ?? undefined, signal });
      for await (const row of read.rows) {
        for (const answer of set.add(row)) await written.write(answer);
      }
      files.push({ file, format: read.format, sha256: await hashOf(file, signal) });
    }
    const generators = set.generators();
    const answering = generators.filter(({ answers }) => answers > 0).map(({ name }) => name);
    if (answering.length === 0) throw nothingLeft(args.files, generators);
    const ids = systemIds(generators.map(({ name }) => name));
    const idOf = (generator: string): string => ids.get(generator) ?? generator;
    const fileOf = (generator: string): string => `${idOf(generator)}.answers.jsonl`;
    await written.name(fileOf);
    const verdicts = await takeVerdicts(new VerdictFiles(folder, idOf), set, args.verdicts ?? [], signal);
    const samples = set.samples().map((sample) => (verdicts.harmful.has(sample.id) ? asHarmful(sample) : sample));
    await writeFile(join(folder, "samples.jsonl"), samples.map(sampleLine).join(""));
    const text = experimentText({
      name: systemIds([basename(output)]).get(basename(output)) ?? "imported",
      systems: answering.map((generator) => ({ id: idOf(generator), generator, file: fileOf(generator) })),
      model,
      judges: verdicts.judges,
      sources: [...files, ...verdicts.files].map(({ file, ...rest }) => ({ name: basename(file), ...rest })),
    });
    await writeFile(join(folder, "experiment.yaml"), text);
    return {
      output,
      experiment: join(output, "experiment.yaml"),
      files,
      verdictFiles: verdicts.files,
      samples: samples.length,
      unansweredQuestions: set.unansweredQuestions(),
      systems: Object.fromEntries(
        generators.map(({ name, answers, empty, leftOut }) => {
          return [idOf(name), { generator: name, file: answers > 0 ? fileOf(name) : null, answers, empty, leftOut }];
        }),
      ),
      judges: Object.fromEntries(
        verdicts.judges.map(({ id, use, file, judged, pending, weighed }) => {
          return [id, { use, file, judged, pending, weighed }];
        }),
      ),
      verdictsOfOthers: verdicts.others,
    };
  } finally {
    await written.close();
  }
}

/** The verdicts on answers that are imported, a file a judge. */
async function takeVerdicts(written: VerdictFiles, set: ReleasedSet, paths: readonly string[], signal: AbortSignal) {
  const files: SourceFile<VerdictFormat>[] = [];
  const harmful = new Set<string>();
  let others = 0;
  try {
    for (const file of paths.map((path) => resolve(path))) {
      const read = await readVerdicts(file, { signal });
      for await (const row of read.rows) {
        const { sampleId, system, against, extras } = row.verdict;
        if (![system, against ?? system].every((generator) => set.has(generator, sampleId))) {
          others += 1;
          continue;
        }
        const { eval_config: config } = extras;
        if (typeof config === "object" && config !== null && "mode" in config && config["mode"] === "score_safety") {
          harmful.add(sampleId);
        }
        await written.write(read.format, row);
      }
      files.push({ file, format: read.format, sha256: await hashOf(file, signal) });
    }
    return { files, harmful, others, judges: await written.finish() };
  } finally {
    await written.close();
  }
}

/** Safety was judged of it, so what is still to be judged of it is its safety. */
function asHarmful(sample: Sample): Sample {
  const { kind = [], category = [] } = sample.tags;
  if (kind.includes("harmful") || category.includes("safety")) return sample;
  return { ...sample, tags: { ...sample.tags, kind: [...kind, "harmful"] } };
}

function report(imported: Imported, json: boolean): void {
  for (const [id, { empty, leftOut }] of Object.entries(imported.systems)) {
    if (empty > 0) tell(`${id}: ${empty} of the answers are empty texts; they are kept`);
    for (const [reason, count] of Object.entries(leftOut)) {
      tell(`${id}: ${count} left out: ${leftOutReasons[reason as keyof LeftOut]}`);
    }
  }
  if (imported.unansweredQuestions > 0) {
    tell(`${imported.unansweredQuestions} questions have no answer from anybody and are no samples`);
  }
  if (imported.verdictsOfOthers > 0) {
    tell(`${imported.verdictsOfOthers} verdicts left out: they are on answers that are not imported`);
  }
  for (const [id, { weighed }] of Object.entries(imported.judges)) {
    if (weighed > 0) tell(`${id}: ${weighed} preferences are weights; each counts as the choice it leans to`);
  }
  if (json) {
    printJson(imported);
    return;
  }
  const formats = [...new Set(imported.files.map(({ format }) => format))];
  print(`${imported.samples} samples (${formats.join(", ")})`);
  for (const [id, { answers, file }] of Object.entries(imported.systems))
    print(`  ${id}: ${answers} answers${file === null ? "" : `, ${file}`}`);
  for (const [id, { use, judged, pending, file }] of Object.entries(imported.judges)) {
    print(`  ${id} (${use}): ${judged} verdicts${pending === 0 ? "" : `, ${pending} open`}, ${file}`);
  }
  print(`\nnpx unshift run ${shellWord(relative(process.cwd(), imported.experiment))}`);
}

function formatOf(format: string | undefined): AnswerFormat | undefined {
  const known = answerFormats.find((name) => name === format);
  if (format !== undefined && known === undefined) {
    const near = nearest(format, answerFormats);
    throw new UnshiftError("IMPORT_FORMAT", `there is no format ${JSON.stringify(format)} to import`, {
      hint: `Known: ${answerFormats.join(", ")}.${near === null ? "" : ` Did you mean "${near}"?`}`,
    });
  }
  return known;
}

/** As the experiment file has it: relative to its folder, so that both can be moved together. */
async function modelPath(model: string | undefined, output: string): Promise<string | null> {
  if (model === undefined || /^(hf|builtin):/i.test(model)) return model ?? null;
  const path = resolve(model);
  await checkModelFile(model, path, { file: `--model ${model}` });
  const from = relative(output, path).split(sep).join("/");
  return from.startsWith("../") ? from : `./${from}`;
}

/** Before a folder is begun: a file that is not there, with the one that may be meant. */
async function checkThere(file: string): Promise<void> {
  const path = resolve(file);
  const code = await stat(path).then(
    () => null,
    (cause: unknown) => (cause instanceof Error && "code" in cause ? cause.code : null),
  );
  if (code !== "ENOENT" && code !== "ENOTDIR") return;
  const folder = dirname(path);
  // The file is missing already; a folder that cannot be read only costs the suggestion, and the hint says so.
  const names = await readdir(folder).catch(() => null);
  const near = names === null ? null : nearest(basename(path), names);
  throw new UnshiftError("DATASET_NOT_FOUND", `the file ${file} does not exist`, {
    where: { file: path },
    hint:
      names === null ? `The folder ${folder} does not exist.` : near === null ? undefined : `Did you mean "${near}"?`,
  });
}

function sampleLine(sample: Sample): string {
  const { id, follows, messages, reference, tags } = sample;
  const row = {
    id,
    ...(follows === undefined ? {} : { follows }),
    ...(messages.length === 1 ? { instruction: instructionOf(sample) } : { messages }),
    ...(reference.length === 0 ? {} : { reference }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  };
  return `${JSON.stringify(row)}\n`;
}

function nothingLeft(files: readonly string[], generators: ReturnType<ReleasedSet["generators"]>): UnshiftError {
  const reasons = new Map<string, number>();
  for (const [reason, count] of generators.flatMap(({ leftOut }) => Object.entries(leftOut))) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  const said = [...reasons].map(([reason, count]) => `${count}: ${leftOutReasons[reason as keyof LeftOut]}`).join("; ");
  return new UnshiftError("DATASET_EMPTY", `no answer is left to import from ${files.join(", ")}`, {
    hint: said === "" ? undefined : `Left out: ${said}.`,
  });
}

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(file, { signal }) as AsyncIterable<Buffer>) digest.update(chunk);
  return digest.digest("hex");
}
