import type { Dataset, JsonObject, Judge, JudgeEngine, Strategy, TokenPrices } from "@unshift/contracts";
import { UnshiftError } from "@unshift/contracts";
import type { Analysis, Engine, Reporter } from "@unshift/contracts/services";
import type {
  JudgeEngineSpec,
  JudgeSpec,
  LoadedExperiment,
  RecordedSpec,
  ShiftSpec,
  SystemSpec,
  Use,
} from "../config/experiment.js";
import { readAnswersFile, type WrittenAnswers } from "./answers-file.js";
import { datasetExamples } from "./dataset-examples.js";
import { localJudgeEngine, localModel, localStrategy, type PreparedJudgeEngine } from "./judge-engines.js";
import type { RunServices } from "./run-services.js";
import { type Selection, selectSamples } from "./select-samples.js";

export interface PreparedSystem {
  readonly spec: SystemSpec;
  /** npm name of the package that brings the strategy. */
  readonly owner: string;
  readonly strategy: Strategy;
  /** Options with the schema's defaults. */
  readonly strategyOptions: JsonObject;
}

export interface PreparedJudge {
  readonly spec: JudgeSpec;
  readonly judge: Judge;
  readonly options: JsonObject;
}

/** An experiment with everything created that needs no model: all faults of the file and of plugins have shown by now. */
export interface PreparedExperiment {
  readonly loaded: LoadedExperiment;
  readonly engine: Engine;
  readonly systems: readonly PreparedSystem[];
  readonly recorded: readonly RecordedSpec[];
  /** Answers made elsewhere, by system. */
  readonly written: ReadonlyMap<string, WrittenAnswers>;
  readonly shifts: readonly ShiftSpec[];
  readonly judges: readonly PreparedJudge[];
  readonly judgeEngines: readonly PreparedJudgeEngine[];
  readonly analyses: readonly Analysis[];
  readonly reporters: readonly { readonly format: string; readonly reporter: Reporter }[];
  readonly selection: Selection;
  readonly datasetOptions: JsonObject;
  readonly datasetProvenance: JsonObject;
}

/**
 * Checks every option, then creates every part, dataset last (it may be large). Nothing is opened or written.
 *
 * @param options.asking whether judge engines are going to be asked: else they need no keys
 */
export async function prepareExperiment(
  loaded: LoadedExperiment,
  services: RunServices,
  { asking = true }: { readonly asking?: boolean } = {},
): Promise<PreparedExperiment> {
  const { experiment } = loaded;
  const { registry } = services;
  const where = loaded.where.bind(loaded);
  const options = (kind: Parameters<typeof registry.checkOptions>[0], use: Use) =>
    registry.checkOptions(kind, use, where);
  const context = { log: services.log, signal: services.signal, hub: services.hub };
  const reportUses = experiment.report.formats.map(
    (format, index): Use => ({ use: format, options: {}, path: ["report", "formats", index], folder: "" }),
  );

  const datasetOptions = await options("datasets", experiment.dataset);
  const strategyOptions = await inOrder(experiment.systems, (system) => options("strategies", system.strategy));
  await inOrder(experiment.judgeEngines, (engine) => options("judgeEngines", engine));
  const judgeOptions = await inOrder(experiment.judges, (judge) => options("judges", judge));
  await inOrder(experiment.analyses, (analysis) => options("analyses", analysis));
  await inOrder(reportUses, (use) => options("reporters", use));
  await options("engines", experiment.engine);

  let created: Promise<Dataset> | undefined;
  const ownDataset = () => {
    created ??= registry.create<Dataset>("datasets", experiment.dataset, where, context);
    return created;
  };
  const examples = datasetExamples(loaded, services, ownDataset);
  const systems = await inOrder(experiment.systems, async (spec, index) => ({
    spec,
    owner: registry.find("strategies", spec.strategy.use).owner.name,
    strategy: await registry.create<Strategy>("strategies", spec.strategy, where, {
      ...context,
      examples: examples(spec.strategy),
    }),
    strategyOptions: strategyOptions[index] ?? {},
  }));
  const judges = await inOrder(experiment.judges, async (spec, index) => ({
    spec,
    judge: await registry.create<Judge>("judges", spec, where, context),
    options: judgeOptions[index] ?? {},
  }));
  requireEngines(judges, where);
  const judgeEngines = await inOrder(experiment.judgeEngines, async (spec): Promise<PreparedJudgeEngine> => {
    if (spec.use !== localJudgeEngine) {
      const engine = await registry.create<JudgeEngine>("judgeEngines", spec, where, {
        ...context,
        ...(asking ? {} : { secrets: "unread" as const }),
      });
      requirePrices(spec, engine.prices, where);
      return { spec, engine };
    }
    requirePrices(spec, null, where);
    const model = localModel(
      spec,
      experiment.models.map(({ id }) => id),
    );
    const strategy = await registry.create<Strategy>("strategies", localStrategy(spec), where, context);
    return { spec, model, strategy };
  });
  const analyses = await inOrder(experiment.analyses, (use) =>
    registry.create<Analysis>("analyses", use, where, context),
  );
  const reporters = await inOrder(reportUses, async (use) => ({
    format: use.use,
    reporter: await registry.create<Reporter>("reporters", use, where, context),
  }));
  const dataset = await ownDataset();
  const samples = [];
  for await (const sample of dataset.samples(services.signal)) {
    if (services.signal.aborted) {
      throw new UnshiftError("ABORTED", "interrupted while the dataset was read");
    }
    samples.push(sample);
  }
  const selection = selectSamples(
    samples,
    experiment.dataset,
    where(experiment.dataset.path),
    dataset.provenance,
    (index) => where(["dataset", "ids", index]),
  );
  const written = new Map<string, WrittenAnswers>();
  for (const { id, answers } of [...experiment.systems, ...experiment.recorded]) {
    if (answers !== null) {
      written.set(id, await readAnswersFile(answers, selection.samples, where(answers.at)));
    }
  }
  const engine = await registry.create<Engine>("engines", experiment.engine, where, context);

  return {
    loaded,
    engine,
    systems,
    recorded: experiment.recorded,
    written,
    shifts: experiment.shifts,
    judges,
    judgeEngines,
    analyses,
    reporters,
    selection,
    datasetOptions,
    datasetProvenance: dataset.provenance ?? {},
  };
}

/** A judge that asks needs someone to ask; one that does not gets no engine it would never use, and one of answers no pairs. */
function requireEngines(judges: readonly PreparedJudge[], where: LoadedExperiment["where"]): void {
  for (const { spec, judge } of judges) {
    if (spec.pairs !== null && judge.judges !== "pairs") {
      throw new UnshiftError(
        "CONFIG_INVALID",
        `judge "${spec.id}" judges answers one by one: \`pairs\` means nothing here`,
        {
          where: where([...spec.path, "pairs"]),
          hint: "`pairwise` is a judge of pairs.",
        },
      );
    }
    const asks = judge.asks === true;
    if (asks === (spec.engine !== null)) {
      continue;
    }
    const message = asks
      ? `judge "${spec.id}" asks a language model: \`engine\` must name one of \`judgeEngines\``
      : `judge "${spec.id}" asks no language model: \`engine\` means nothing here`;
    throw new UnshiftError("CONFIG_INVALID", message, { where: where(asks ? spec.path : [...spec.path, "engine"]) });
  }
}

/** A budget in money that no request could reach would be none. */
function requirePrices(spec: JudgeEngineSpec, own: TokenPrices | null, where: LoadedExperiment["where"]): void {
  if (spec.budget.money !== null && spec.prices === null && own === null) {
    throw new UnshiftError("CONFIG_INVALID", `judge engine "${spec.id}" has a budget in money and no \`prices\``, {
      where: where([...spec.path, "budget", "money"]),
      hint: "Say what a million tokens cost, `prices: { prompt: 2.5, reply: 10 }`, or set `budget.tokens`.",
    });
  }
}

async function inOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    results.push(await work(item, index));
  }
  return results;
}
