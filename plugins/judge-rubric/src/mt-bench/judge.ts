import {
  instructionOf,
  type Judge,
  type JudgeItem,
  type PluginContext,
  type Sample,
  UnshiftError,
} from "@unshift/contracts";
import { scoredJudgement } from "../judgement.js";
import { withoutControlTokens } from "../prompt/control-tokens.js";
import { cutWords } from "../prompt/cut-words.js";
import { Fence } from "../prompt/fence.js";
import { judgeRequest } from "../prompt/judge-request.js";
import { replyForm } from "../prompt/reply-form.js";
import { chatTexts, shownChat } from "../prompt/shown-chat.js";
import { readTemplate, type Template } from "../prompt/template.js";
import { withRecorded } from "../recorded/with-recorded.js";
import type { AskedAspect } from "../reply/asked-aspect.js";
import { type MtBenchOptions, referenceCategories } from "./options.js";
import { type References, readReferences } from "./references.js";

const placeholders = [
  "question",
  "instruction",
  "answer",
  "output",
  "fenced_output",
  "chat",
  "references",
  "form",
  "fence",
];
const needed = [["answer", "output", "fenced_output"]];

/** Fractions are read, since judges give them and FastChat counts them; asked for are whole numbers. */
const rating: AskedAspect = { id: "rating", title: "Rating", scale: { type: "number", min: 1, max: 10, whole: false } };
const askedRating: AskedAspect = { ...rating, scale: { type: "number", min: 1, max: 10, whole: true } };

/**
 * MT-bench's single-answer grading (arXiv 2306.05685): each turn's answer gets 1 to 10, the second one in sight of the first;
 * questions that have a right answer beside a reference.
 */
export async function mtBenchJudge(options: MtBenchOptions, context: PluginContext): Promise<Judge> {
  const template =
    options.template === undefined ? null : await readTemplate(options.template, placeholders, needed, context);
  const references = options.references === undefined ? null : await readReferences(options.references, context);
  const categories = options.referenceFor ?? referenceCategories;
  const withReferences =
    references === null ? "without reference answers" : `with references for ${categories.join(", ")}`;
  const judge: Judge = {
    version: `3.${template?.sha256.slice(0, 12) ?? "-"}.${references?.sha256.slice(0, 12) ?? "-"}`,
    asks: true,
    aspects: [
      { id: "rating", title: "Rating", min: 1, max: 10, meaning: `mean grade from 1 to 10, ${withReferences}` },
    ],
    judge: async ({ sample, answer }: JudgeItem, _signal, ask) => {
      const needs = sample.tags.category?.some((category) => categories.includes(category)) === true;
      const shown = needs && references !== null ? referencesOf(sample, references) : [];
      const text = cutWords(answer.text, options.maxWords ?? null);
      const request = judgeRequest(
        {
          id: "rating",
          text: promptText(sample, text, shown, template),
          aspects: [askedRating],
          notApplicable: false,
          fromTemplate: template !== null,
        },
        options,
      );
      return scoredJudgement(await ask(request), [rating], "refused");
    },
  };
  return withRecorded(judge, options, context);
}

function referencesOf(sample: Sample, references: References): readonly string[] {
  const turn = sample.messages.filter(({ role }) => role === "user").length;
  // A second turn has an id of its own, and follows the one that carries the question's.
  const question = sample.follows ?? sample.id;
  const turns = references.turns(question, turn);
  if (turns === null) {
    throw new UnshiftError("DATASET_FIELD", `there is no reference answer to turn ${turn} of question ${question}`, {
      hint: "`referenceFor` names the categories that need one.",
    });
  }
  return turns;
}

function promptText(sample: Sample, answer: string, references: readonly string[], template: Template | null): string {
  const fence = new Fence([...chatTexts(sample), answer, ...references]);
  const shownReferences = references
    .map((text, at) => fence.around(references.length === 1 ? "reference" : `reference-${at + 1}`, text))
    .join("\n");
  const form = replyForm([askedRating], false);
  if (template !== null) {
    const [question, output] = [withoutControlTokens(instructionOf(sample)), withoutControlTokens(answer)];
    return template.fill({
      question,
      instruction: question,
      answer: output,
      output,
      fenced_output: fence.around("answer", answer),
      chat: shownChat(sample, fence),
      references: shownReferences,
      form,
      fence: fence.ending,
    });
  }
  const later = sample.messages.some(({ role }) => role === "assistant");
  const beside =
    references.length === 0
      ? ""
      : "\n\nReference answers, known to be good. An answer that contradicts them in substance is wrong; other ways to the same result are as good:\n" +
        shownReferences;
  return `Below is ${later ? "a chat between a user and an assistant, and the assistant's answer to the last question" : "a question and the answer of an assistant"}. ${fence.notice}

${shownChat(sample, fence)}

${fence.around("answer", answer)}${beside}

Grade the answer${later ? " to the last question, in the light of the chat before it" : ""} from 1 (useless) to 10 (could not be better): is it right, to the point, complete and as deep as the question needs? Look for mistakes before you grade. Length alone is worth nothing.

${form}`;
}
