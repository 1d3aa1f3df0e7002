import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { BenchDocument, BenchRequest, Measure } from "@unshift/bench";
import { UnshiftError } from "@unshift/contracts";
import { nearest } from "@unshift/core";
import { builtinModels } from "@unshift/tiny-models";
import { cacheFolder } from "../cache-folder.js";
import type { BenchArguments } from "../commands/bench.js";
import { interruptSignal } from "../interrupt.js";
import { checkModelFile } from "../model-files.js";
import { usageError } from "../output/failure.js";
import { print, printJson, tell } from "../output/print.js";
import { shellWord } from "../output/shell-word.js";
import { textTable } from "../output/text-table.js";

/**
 * Ends with 1 where a target was missed or two sides computed different things, with 3 where a measure could not be taken. A quick run
 * judges no target.
 */
export async function benchAction(args: BenchArguments): Promise<void> {
  const bench = await loadBench();
  const measures = chosen(bench.measures, args.measures);
  if (args.list) {
    list(measures, args.json);
    return;
  }
  const document = await bench.runBench(
    {
      measures,
      rounds: args.rounds ?? (args.quick ? 1 : 5),
      threads: args.threads ?? null,
      gpuLayers: args.gpuLayers ?? null,
      quick: args.quick,
      models: await models(args),
      folder: bench.benchFolder(process.env, cacheFolder(process.env)),
      command: commandLine(args),
    },
    {
      signal: interruptSignal("measures that have ended are kept"),
      log: tell,
      onMeasure: async (result, soFar) => {
        for (const row of bench.resultRows([result])) tell(row.filter((cell) => cell !== "").join("  "));
        if (args.out !== undefined) await writeFile(resolve(args.out), `${JSON.stringify(soFar, null, 2)}\n`);
      },
    },
  );
  if (args.json) printJson(document);
  else report(bench, document);
  process.exitCode = exitCode(document);
}

/** The benchmark is no dependency of the command: it needs the repository, and nothing else of Unshift needs it. */
async function loadBench(): Promise<typeof import("@unshift/bench")> {
  return import("@unshift/bench").catch((cause: unknown) => {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")) throw cause;
    throw new UnshiftError("BENCH_UNAVAILABLE", "the benchmark is not installed", {
      hint: "It is part of Unshift's repository, whose llama.cpp its peers are built from: run it there, after `npm run setup`.",
      cause,
    });
  });
}

function chosen(measures: readonly Measure[], wanted: readonly string[]): readonly Measure[] {
  const ids = measures.map(({ id }) => id);
  const unknown = wanted.filter((name) => !ids.includes(name.toUpperCase()));
  const [first] = unknown;
  if (first !== undefined) {
    const near = nearest(first.toUpperCase(), ids);
    throw usageError(
      `there is no measure ${JSON.stringify(first)}. Measures: ${ids.join(", ")}.${near === null ? "" : ` Did you mean "${near}"?`}`,
    );
  }
  const upper = new Set(wanted.map((name) => name.toUpperCase()));
  return upper.size === 0 ? measures : [...upper].flatMap((id) => measures.filter((measure) => measure.id === id));
}

function list(measures: readonly Measure[], json: boolean): void {
  if (json) {
    printJson({
      measures: measures.map(({ id, title, meaning, needs, figures }) => ({
        ...{ id, title, meaning, needs },
        figures: figures.map(({ id: figure, title: name, unit, target }) => ({
          id: figure,
          title: name,
          unit,
          target,
        })),
      })),
    });
    return;
  }
  const rows = measures.map(({ id, title, needs }) => [id, title, needs.peers.join(", ")]);
  print(textTable(["measure", "what", "peers"], rows));
}

async function models({ model, twin }: BenchArguments): Promise<BenchRequest["models"]> {
  if (model === undefined && twin === undefined) return null;
  if (model === undefined || twin === undefined) {
    throw usageError("--model and --twin go together: two GGUF files with one vocabulary");
  }
  return { model: await modelPath("model", model), twin: await modelPath("twin", twin) };
}

async function modelPath(option: string, given: string): Promise<string> {
  const name = /^builtin:(.*)$/i.exec(given)?.[1];
  const builtin = name === undefined ? undefined : builtinModels[name as keyof typeof builtinModels];
  const path = builtin ?? resolve(given);
  await checkModelFile(given, path, { file: `--${option}` });
  return path;
}

function commandLine(args: BenchArguments): string {
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${name}`, shellWord(String(value))];
  return [
    ...["unshift", "bench", ...args.measures.map((name) => name.toUpperCase())],
    ...[...option("rounds", args.rounds), ...option("threads", args.threads), ...option("gpu-layers", args.gpuLayers)],
    ...(args.model === undefined ? [] : ["--model", "…", "--twin", "…"]),
    ...(args.quick ? ["--quick"] : []),
  ].join(" ");
}

function report({ resultHeader, resultRows }: typeof import("@unshift/bench"), document: BenchDocument): void {
  const { machine, options, measures } = document;
  print(textTable(resultHeader, resultRows(measures)));
  print();
  print(
    `${machine.cpu}, ${machine.usableCores} cores; ${options.threads} threads, ${options.rounds} rounds, ${document.date}`,
  );
  for (const measure of measures) {
    if (measure.unavailable !== undefined) {
      print(`${measure.id}: not measured: ${measure.unavailable}`);
      continue;
    }
    print(`${measure.id}: ${measure.check.text}`);
    if (measure.quiet.warning !== null) print(`${measure.id}: ${measure.quiet.warning}`);
  }
}

function exitCode({ measures }: BenchDocument): number {
  if (measures.some(({ unavailable }) => unavailable !== undefined)) return 3;
  const missed = measures.some(
    (measure) =>
      measure.unavailable === undefined && (!measure.check.agree || measure.figures.some(({ met }) => met === false)),
  );
  return missed ? 1 : 0;
}
