import { type AnswerRecord, type JsonObject, type Sample, UnshiftError } from "@unshift/contracts";
import type { TokenView } from "@unshift/contracts/services";
import { closest } from "fastest-levenshtein";
import type { LoadedExperiment } from "../config/experiment.js";
import { buildPrompt } from "./build-prompt.js";
import { Conversations } from "./conversation.js";
import { fetchModels } from "./fetch-models.js";
import { modelOf, openModels } from "./open-models.js";
import { prepareStrategies } from "./prepare-strategies.js";
import { prepareExperiment } from "./prepared-experiment.js";
import { noRecords, recordsBefore } from "./records-before.js";
import type { RunServices } from "./run-services.js";

/** The exact prompt of one system for one sample, as a run would decode it. */
export interface RenderedPrompt {
  readonly system: string;
  readonly sample: string;
  readonly prompt: string;
  readonly tokenIds: readonly number[];
  readonly tokens: readonly TokenView[];
  /** Leading ids that all samples share. */
  readonly prefixLength: number;
  readonly provenance: JsonObject;
  /** What the strategy wants people to see: rows of a corpus that were left out. */
  readonly notes: readonly string[];
}

/** Renders without generating. The sample defaults to the first. */
export async function renderPrompt(
  loaded: LoadedExperiment,
  chosen: { readonly system?: string | undefined; readonly sample?: string | undefined },
  services: RunServices,
): Promise<RenderedPrompt> {
  const prepared = await prepareExperiment(loaded, services);
  try {
    const ids = prepared.systems.map(({ spec }) => spec.id);
    const system = prepared.systems[chosen.system === undefined ? 0 : ids.indexOf(chosen.system)];
    if (system === undefined) {
      throw unknown("system", chosen.system ?? "", ids);
    }
    const sampleIds = prepared.selection.samples.map(({ id }) => id);
    const sample = prepared.selection.samples[chosen.sample === undefined ? 0 : sampleIds.indexOf(chosen.sample)];
    if (sample === undefined) {
      throw unknown("sample", chosen.sample ?? "", sampleIds);
    }
    const model = modelOf(
      await openModels(await fetchModels(only(prepared, system.spec.model), services), services, "sequential"),
      system.spec.model,
    );
    const chat = new Conversations(prepared.selection.samples).chat(
      sample,
      await answersBefore(prepared.loaded.experiment.output, system.spec.id, sample, services),
    );
    const strategies = await prepareStrategies(prepared, [system], new Map([[system.spec.model, model]]), services);
    try {
      const encoded = await buildPrompt(system, model, chat);
      const tokenIds = Array.from(encoded.ids);
      return {
        system: system.spec.id,
        sample: sample.id,
        prompt: encoded.prompt.text,
        tokenIds,
        tokens: tokenIds.map((id) => model.token(id)),
        prefixLength: encoded.prefixLength,
        provenance: encoded.prompt.provenance,
        notes: strategies.notes,
      };
    } finally {
      await strategies.dispose();
    }
  } finally {
    await prepared.engine.dispose();
  }
}

/** The system's answers to earlier turns, which only a run can give. */
async function answersBefore(
  folder: string,
  system: string,
  sample: Sample,
  services: RunServices,
): Promise<ReadonlyMap<string, AnswerRecord>> {
  const before = sample.follows === undefined ? noRecords : await recordsBefore(folder, services);
  return new Map(
    [...before.answers.values()]
      .filter((record) => record.system === system)
      .map((record) => [record.sampleId, record]),
  );
}

type Prepared = Awaited<ReturnType<typeof prepareExperiment>>;

/** The same experiment with the systems of one model only, so that only that model is opened. */
function only(prepared: Prepared, model: string): Prepared {
  const { experiment } = prepared.loaded;
  const systems = experiment.systems.filter((system) => system.model === model);
  return {
    ...prepared,
    loaded: {
      ...prepared.loaded,
      where: prepared.loaded.where.bind(prepared.loaded),
      experiment: { ...experiment, systems },
    },
  };
}

function unknown(what: "system" | "sample", found: string, allowed: readonly string[]): UnshiftError {
  const shown = allowed.length > 20 ? `${allowed.slice(0, 20).join(", ")}, … (${allowed.length})` : allowed.join(", ");
  return new UnshiftError("USAGE", `unknown ${what} ${JSON.stringify(found)}. Allowed: ${shown}`, {
    hint: allowed.length > 0 ? `Did you mean ${JSON.stringify(closest(found, allowed))}?` : undefined,
  });
}
