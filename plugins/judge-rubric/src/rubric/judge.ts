import {
  type Aspect,
  instructionOf,
  type Judge,
  type JudgeItem,
  type PluginContext,
  type Sample,
  UnshiftError,
} from "@unshift/contracts";
import { applies } from "../applies-to.js";
import { scoredJudgement } from "../judgement.js";
import { withoutControlTokens } from "../prompt/control-tokens.js";
import { cutWords } from "../prompt/cut-words.js";
import { Fence } from "../prompt/fence.js";
import { judgeRequest } from "../prompt/judge-request.js";
import { replyForm } from "../prompt/reply-form.js";
import { chatTexts, shownChat } from "../prompt/shown-chat.js";
import { readTemplate, type Template } from "../prompt/template.js";
import { withRecorded } from "../recorded/with-recorded.js";
import type { AskedAspect, Scale } from "../reply/asked-aspect.js";
import { requireDistinct } from "../require-distinct.js";
import type { RubricAspect, RubricOptions } from "./options.js";

const placeholders = ["instruction", "output", "fenced_output", "chat", "reference", "aspects", "form", "fence"];

interface RubricQuestion extends AskedAspect {
  readonly question: string;
}

/** A judge without code: aspects, scales and what they mean come from the experiment file. */
export async function rubricJudge(options: RubricOptions, context: PluginContext): Promise<Judge> {
  requireDistinct(options.aspects.map(({ id }) => id));
  const aspects = options.aspects.map((aspect): RubricQuestion => {
    return { id: aspect.id, title: aspect.title ?? aspect.id, question: aspect.question, scale: scaleOf(aspect) };
  });
  const template =
    options.template === undefined
      ? null
      : await readTemplate(options.template, placeholders, [["output", "fenced_output"]], context);
  const exclude = options.notApplicable === "exclude";
  const judge: Judge = {
    version: `3.${template?.sha256.slice(0, 12) ?? "-"}`,
    asks: true,
    aspects: aspects.map((aspect, at) => declared(aspect, options.aspects[at]?.meaning, exclude)),
    judge: async ({ sample, answer }: JudgeItem, _signal, ask) => {
      if (!applies(options.appliesTo, sample)) return { status: "not-applicable", reason: "not a sample it is for" };
      const output = cutWords(answer.text, options.maxWords ?? null);
      const text = promptText(sample, output, aspects, options, template);
      const request = judgeRequest(
        { id: "scores", text, aspects, notApplicable: exclude, fromTemplate: template !== null },
        options,
      );
      return scoredJudgement(await ask(request), aspects, exclude ? "excluded" : "refused");
    },
  };
  return withRecorded(judge, options, context);
}

function scaleOf({ id, min, max, whole, choices }: RubricAspect): Scale {
  if (choices === undefined) {
    const scale = { type: "number", min: min ?? 1, max: max ?? 5, whole: whole ?? true } as const;
    if (scale.min < scale.max) return scale;
    throw new UnshiftError("PLUGIN_OPTIONS", `aspect "${id}": min ${scale.min} is not below max ${scale.max}`);
  }
  if (min !== undefined || max !== undefined || whole !== undefined) {
    throw new UnshiftError(
      "PLUGIN_OPTIONS",
      `aspect "${id}" has choices and a range of numbers; it is asked by one of them`,
    );
  }
  const labels = choices.map(({ label }) => label.trim().toLowerCase());
  if (new Set(labels).size < labels.length) {
    throw new UnshiftError("PLUGIN_OPTIONS", `aspect "${id}": two choices have the same label`);
  }
  if (new Set(choices.map(({ score }) => score)).size < 2) {
    throw new UnshiftError("PLUGIN_OPTIONS", `aspect "${id}": all choices are worth the same`);
  }
  return { type: "choice", choices };
}

function declared({ id, title, scale }: RubricQuestion, meaning: string | undefined, exclude: boolean): Aspect {
  const scores = scale.type === "choice" ? scale.choices.map(({ score }) => score) : [scale.min, scale.max];
  const [min, max] = [Math.min(...scores), Math.max(...scores)];
  const by =
    scale.type === "choice" ? `; ${scale.choices.map(({ label, score }) => `${label} = ${score}`).join(", ")}` : "";
  const mean = meaning ?? `mean score from ${min} to ${max}${by}`;
  return { id, title, min, max, meaning: exclude ? `${mean}; "N/A" left out` : mean };
}

function promptText(
  sample: Sample,
  answer: string,
  aspects: readonly RubricQuestion[],
  options: RubricOptions,
  template: Template | null,
): string {
  const references = options.showReference === true ? sample.reference : [];
  const fence = new Fence([...chatTexts(sample), answer, ...references]);
  const reference = references.map((text) => fence.around("reference", text)).join("\n");
  const rubric = aspects.map(({ id, question, scale }) => `- ${id} (${scaleText(scale)}): ${question}`).join("\n");
  const form = replyForm(aspects, options.notApplicable === "exclude");
  if (template !== null) {
    return template.fill({
      instruction: withoutControlTokens(instructionOf(sample)),
      output: withoutControlTokens(answer),
      fenced_output: fence.around("answer", answer),
      chat: shownChat(sample, fence),
      reference,
      aspects: rubric,
      form,
      fence: fence.ending,
    });
  }
  const beside = reference === "" ? "" : `\n\nA right answer holds one of these statements:\n${reference}`;
  return `Below are a question and the answer of an assistant. ${fence.notice}

${shownChat(sample, fence)}

${fence.around("answer", answer)}${beside}

Judge the answer by ${aspects.length === 1 ? "this aspect" : "each of these aspects by itself"}:
${rubric}
${options.instructions === undefined ? "" : `\n${options.instructions}\n`}
${form}`;
}

function scaleText(scale: Scale): string {
  if (scale.type === "choice") return scale.choices.map(({ label }) => JSON.stringify(label)).join(", ");
  return `${scale.whole ? "whole numbers " : ""}${scale.min} to ${scale.max}`;
}
