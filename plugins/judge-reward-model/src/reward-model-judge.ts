import {
  type Judge,
  type JudgeItem,
  type Judgement,
  type JudgePreparation,
  type PluginContext,
  type Ranker,
  UnshiftError,
} from "@unshift/contracts";
import { type Format, rankedPair } from "./ranked-pair.js";

export const formats: readonly Format[] = ["pair", "qa", "answer"];

export interface RewardModelOptions {
  readonly model: string;
  readonly format: Format;
  readonly label?: string;
}

/** What of a score does not follow from the model: raise it when items are put to the model in another way. */
const readingVersion = "1";

/** Judges by the classifier head of a model on this machine: no text is generated, the same item gets the same score. */
export function rewardModelJudge(options: RewardModelOptions, context: Pick<PluginContext, "resolvePath">): Judge {
  const path = /^(hf|builtin):/i.test(options.model) ? options.model : context.resolvePath(options.model);
  let opened: { readonly ranker: Ranker; readonly output: number } | null = null;
  return {
    get version() {
      return opened === null ? readingVersion : `${readingVersion} ${opened.ranker.identity}`;
    },
    aspects: [
      {
        id: "reward",
        title: "Reward",
        min: null,
        max: null,
        meaning: `mean score by the model${options.label === undefined ? "" : `, output "${options.label}"`}; the scale is the model's own`,
      },
    ],
    async prepare(work: JudgePreparation): Promise<void> {
      const ranker = await work.ranker(path);
      opened = { ranker, output: outputOf(ranker.labels, options.label) };
    },
    async judge(item: JudgeItem, signal: AbortSignal): Promise<Judgement> {
      if (opened === null) {
        throw new UnshiftError("PLUGIN_INVALID", "the judge reward-model was asked before it was prepared");
      }
      if (item.answer.text.trim() === "" && options.format === "answer") {
        return { status: "not-applicable", reason: "the answer is empty" };
      }
      const { ranker, output } = opened;
      const { rows, truncated } = await ranker.score([rankedPair(item, options.format)], { signal });
      const cut = `Only the beginning of the answer was read: ${ranker.maxTokens} tokens with all that stands around it.`;
      return {
        status: "scored",
        scores: { reward: rows[output] ?? Number.NaN },
        ...(truncated > 0 ? { rationale: cut } : {}),
      };
    },
  };
}

/** Index of the output that is the score. */
function outputOf(labels: readonly string[], wanted: string | undefined): number {
  const allowed = labels.map((label) => JSON.stringify(label)).join(", ");
  if (wanted === undefined) {
    if (labels.length === 1) return 0;
    throw new UnshiftError(
      "PLUGIN_OPTIONS",
      `the model has ${labels.length} outputs: \`label\` must say which counts`,
      {
        hint: `Its labels: ${allowed}.`,
      },
    );
  }
  const index = labels.indexOf(wanted);
  if (index >= 0) return index;
  throw new UnshiftError("PLUGIN_OPTIONS", `the model has no output ${JSON.stringify(wanted)}`, {
    hint: `Its labels: ${allowed}.`,
  });
}
