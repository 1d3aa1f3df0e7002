import { createHash } from "node:crypto";
import { type PromptRecord, shiftId, UnshiftError } from "@unshift/contracts";
import type { LogitsItem } from "@unshift/contracts/services";
import { nearest } from "../config/wording.js";
import type { ManifestExperiment, StoredRun } from "./stored-run.js";

/** Tokens whose predictions are wanted: those of the answers, of the prompts (all but the first), or both. */
export type LogitsPositions = "answer" | "prompt" | "all";

export interface LogitsChoice {
  /** System that answered; default: that of the first shift, else the first system. */
  readonly system?: string | undefined;
  /** The same system (default), or a subject of a shift of its answers. */
  readonly under?: string | undefined;
  /** Only these samples. */
  readonly samples?: readonly string[] | undefined;
  readonly positions: LogitsPositions;
}

/** The rows of one sample. */
interface SampleRows {
  readonly sampleId: string;
  /** Number of its first row among all rows, and how many there are. */
  readonly firstRow: number;
  readonly rows: number;
  readonly item: Pick<LogitsItem, "ids" | "prefixLength" | "from">;
  /** Id that row i of the sample was there to predict, and where it stands. */
  token(row: number): { readonly part: "prompt" | "answer"; readonly position: number; readonly id: number };
}

/** Whole rows of a run, named but not computed: everything follows from what the run folder holds. */
export interface PlannedLogits {
  readonly system: string;
  readonly under: string;
  /** Model of `under`, as the manifest names it. */
  readonly model: string;
  readonly positions: LogitsPositions;
  readonly samples: readonly SampleRows[];
  readonly rows: number;
  /** Samples chosen that have no row: unanswered, skipped, empty. */
  readonly without: number;
  /** sha256 of all ids that are read, of where rows begin, and of the samples' ids. */
  readonly itemsHash: string;
}

/** Which rows a choice means in a run. Throws USAGE for a system or sample the run does not have. */
export function planLogits(run: StoredRun, choice: LogitsChoice): PlannedLogits {
  const experiment = run.manifest.experiment as unknown as ManifestExperiment;
  const systems = run.systems.map(({ id }) => id);
  const system = choice.system ?? experiment.shifts[0]?.answers ?? systems[0] ?? "";
  requireKnown("--system", system, systems);
  const subjects = experiment.shifts.filter(({ answers }) => answers === system).map(({ subject }) => subject);
  const ownModel = run.systems.find(({ id }) => id === system)?.model ?? null;
  const unders = [...(ownModel === null ? [] : [system]), ...subjects];
  const under = choice.under ?? unders[0] ?? "";
  requireKnown("--under", under, unders);
  const model = run.systems.find(({ id }) => id === under)?.model;
  if (model === null || model === undefined) {
    throw new UnshiftError("INTERNAL", `system "${under}" has no model`);
  }
  const sampleIds = run.samples.map(({ id }) => id);
  for (const id of choice.samples ?? []) requireKnown("--sample", id, sampleIds);
  const chosen = choice.samples === undefined ? sampleIds : sampleIds.filter((id) => choice.samples?.includes(id));

  const prompts = promptsOf(run, system, under);
  const answers = new Map(run.answers.filter((answer) => answer.system === system).map((a) => [a.sampleId, a]));
  const samples: SampleRows[] = [];
  const hash = createHash("sha256");
  let rows = 0;
  for (const sampleId of chosen) {
    const answer = answers.get(sampleId);
    const prompt = prompts.get(sampleId);
    if (answer?.status !== "answered" || prompt === undefined) continue;
    const planned = rowsOfSample(sampleId, rows, prompt, answer.ids, choice.positions);
    if (planned.rows === 0) continue;
    const { ids, from, prefixLength } = planned.item;
    hash.update(
      JSON.stringify([sampleId, from, prefixLength, planned.rows, Array.from(ids), answer.ids.at(-1) ?? null]),
    );
    samples.push(planned);
    rows += planned.rows;
  }
  const without = chosen.length - samples.length;
  return { system, under, model, positions: choice.positions, samples, rows, without, itemsHash: hash.digest("hex") };
}

/** The prompt each answer is read behind: the one it was given under, or the subject's of a shift. */
function promptsOf(run: StoredRun, system: string, under: string): Map<string, PromptRecord> {
  if (under === system) {
    return new Map(
      run.answers.flatMap((answer) =>
        answer.system === system && answer.status === "answered" ? [[answer.sampleId, answer.prompt] as const] : [],
      ),
    );
  }
  const shift = run.shifts.find(({ id }) => id === shiftId(system, under));
  return new Map(
    (shift?.comparisons ?? []).flatMap(({ sampleId, status, subjectPrompt }) =>
      status === "scored" && subjectPrompt !== null ? [[sampleId, subjectPrompt] as const] : [],
    ),
  );
}

function rowsOfSample(
  sampleId: string,
  firstRow: number,
  { ids: prompt, prefixLength }: PromptRecord,
  answer: readonly number[],
  positions: LogitsPositions,
): SampleRows {
  const whole = positions === "prompt" ? [...prompt] : [...prompt, ...answer];
  // Row i predicts id i + 1: nothing comes behind the last id, and nothing predicts the first.
  const from = positions === "answer" ? prompt.length - 1 : 0;
  return {
    sampleId,
    firstRow,
    rows: Math.max(0, whole.length - 1 - from),
    item: { ids: Int32Array.from(whole.slice(0, -1)), prefixLength: Math.min(prefixLength, from), from },
    token(row) {
      const at = from + row + 1;
      const id = whole[at] ?? -1;
      return at < prompt.length
        ? { part: "prompt", position: at, id }
        : { part: "answer", position: at - prompt.length, id };
    },
  };
}

function requireKnown(option: string, found: string, allowed: readonly string[]): void {
  if (allowed.includes(found)) return;
  const shown = allowed.length > 20 ? `${allowed.slice(0, 20).join(", ")}, … (${allowed.length})` : allowed.join(", ");
  const near = nearest(found, allowed);
  throw new UnshiftError(
    "USAGE",
    `${option} ${JSON.stringify(found)} is not of this run. Allowed: ${shown || "none"}`,
    { hint: near === null ? undefined : `Did you mean ${JSON.stringify(near)}?` },
  );
}
