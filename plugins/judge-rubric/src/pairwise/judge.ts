import { createHash } from "node:crypto";
import {
  instructionOf,
  type Judge,
  type JudgeItem,
  type Judgement,
  type JudgeReply,
  type JudgeRequest,
  type PluginContext,
  type Preference,
  UnshiftError,
} from "@unshift/contracts";
import { applies } from "../applies-to.js";
import { rationaleOf } from "../judgement.js";
import { withoutControlTokens } from "../prompt/control-tokens.js";
import { cutWords } from "../prompt/cut-words.js";
import { Fence } from "../prompt/fence.js";
import { judgeRequest } from "../prompt/judge-request.js";
import { replyForm } from "../prompt/reply-form.js";
import { chatTexts, shownChat } from "../prompt/shown-chat.js";
import { readTemplate, type Template } from "../prompt/template.js";
import { withRecorded } from "../recorded/with-recorded.js";
import type { AskedAspect, ChoiceScale } from "../reply/asked-aspect.js";
import { readReply } from "../reply/read-reply.js";
import { requireDistinct } from "../require-distinct.js";
import type { PairwiseOptions } from "./options.js";

const placeholders = [
  "instruction",
  "output_A",
  "output_B",
  "candidate_A",
  "candidate_B",
  "fenced_output_A",
  "fenced_output_B",
  "chat",
  "chat_A",
  "chat_B",
  "aspects",
  "form",
  "fence",
];
const needed = [
  ["output_A", "candidate_A", "fenced_output_A"],
  ["output_B", "candidate_B", "fenced_output_B"],
];

const sameSpellings = ["same", "equal", "draw", "both", "neither", "a = b", "c"];
const spellings = (letter: string) =>
  ["output", "answer", "response", "assistant", "candidate", "candidate output", "option"].map(
    (word) => `${word} ${letter}`,
  );
/** Which place the better answer stood in. */
const scale: ChoiceScale = {
  type: "choice",
  choices: [
    { label: "A", score: 1, spellings: spellings("A") },
    { label: "B", score: -1, spellings: spellings("B") },
    { label: "tie", score: 0, spellings: sameSpellings },
  ],
};

interface ComparedAspect extends AskedAspect {
  readonly question: string;
}

const overall = {
  id: "overall",
  title: "Overall",
  question: "Which answer serves the person who asked better, all in all: right, clear, to the point, complete?",
};

/** Which of two answers stands in front. */
type Order = "answer-first" | "against-first";

/** Compares the answers of two systems. Which stands in front sways a judge, so both orders are asked unless told otherwise. */
export async function pairwiseJudge(options: PairwiseOptions, context: PluginContext): Promise<Judge> {
  const aspects: ComparedAspect[] = (options.aspects ?? [overall]).map(({ id, title, question }) => {
    return { id, title: title ?? id, question, scale };
  });
  requireDistinct(aspects.map(({ id }) => id));
  const template =
    options.template === undefined ? null : await readTemplate(options.template, placeholders, needed, context);
  const both = options.orders !== "seeded";
  const judge: Judge = {
    version: `3.${template?.sha256.slice(0, 12) ?? "-"}`,
    asks: true,
    judges: "pairs",
    aspects: aspects.map(({ id, title }) => ({
      id,
      title,
      min: 0,
      max: 1,
      meaning: `share of samples on which the answer is preferred, ${both ? "asked in both orders" : "asked in one seeded order"}; a tie counts half`,
    })),
    judge: async (item: JudgeItem, _signal, ask) => {
      if (!applies(options.appliesTo, item.sample))
        return { status: "not-applicable", reason: "not a sample it is for" };
      if (item.earlier !== undefined && template !== null && !showsChats(template)) {
        return { status: "not-applicable", reason: "a later turn, and the template shows no chat" };
      }
      const orders: readonly Order[] = both ? ["answer-first", "against-first"] : [drawnOrder(item, options.seed ?? 0)];
      // At once: neither hangs on what the other brings.
      const replies = await Promise.all(orders.map((order) => ask(request(item, order, aspects, template, options))));
      return combined(
        orders.map((order, at) => readOrder(order, replies[at], aspects)),
        aspects,
      );
    },
  };
  return withRecorded(judge, options, context);
}

/** The same for a sample whatever else is judged, and whichever of the two systems is named first. */
function drawnOrder({ sample, answer, against }: JudgeItem, seed: number): Order {
  const first =
    createHash("sha256")
      .update(JSON.stringify([seed, sample.id]))
      .digest()
      .readUInt8(0) %
      2 ===
    0;
  return first === answer.system < (against?.system ?? "") ? "answer-first" : "against-first";
}

/** Without both chats nobody can tell what a question of a later turn is about. */
function showsChats({ shows }: Template): boolean {
  return shows("chat") || (shows("chat_A") && shows("chat_B"));
}

function request(
  { sample, answer, against, earlier }: JudgeItem,
  order: Order,
  aspects: readonly ComparedAspect[],
  template: Template | null,
  options: PairwiseOptions,
): JudgeRequest {
  if (against === undefined) {
    throw new UnshiftError("INTERNAL", "a judge of pairs was given one answer");
  }
  const inOrder = <Thing>(ofAnswer: Thing, ofAgainst: Thing): readonly [Thing, Thing] =>
    order === "answer-first" ? [ofAnswer, ofAgainst] : [ofAgainst, ofAnswer];
  const words = options.maxWords ?? null;
  const [a, b] = inOrder(cutWords(answer.text, words), cutWords(against.text, words));
  const [chatA, chatB] = inOrder(
    { messages: [...(earlier?.answer ?? []), ...sample.messages] },
    { messages: [...(earlier?.against ?? []), ...sample.messages] },
  );
  const fence = new Fence([...chatTexts(chatA), ...chatTexts(chatB), a, b]);
  const rubric = aspects.map(({ id, question }) => `- ${id}: ${question}`).join("\n");
  const form = replyForm(aspects, false);
  const shown = {
    chatA: shownChat(chatA, fence),
    chatB: shownChat(chatB, fence),
    answerA: fence.around("answer-A", a),
    answerB: fence.around("answer-B", b),
  };
  const [plainA, plainB] = [withoutControlTokens(a), withoutControlTokens(b)];
  const text =
    template === null
      ? `${earlier === undefined ? oneQuestion(shown, fence) : twoChats(shown, fence)}

Say which answer${earlier === undefined ? "" : " to the last question"} is better by ${aspects.length === 1 ? "this aspect" : "each of these aspects by itself"}${earlier === undefined ? "" : ", each in the light of its own chat"}: "A", "B", or "tie" where neither is clearly better. The order in which they stand, their length and their manner of greeting mean nothing.
${rubric}
${options.instructions === undefined ? "" : `\n${options.instructions}\n`}
${form}`
      : template.fill({
          instruction: withoutControlTokens(instructionOf(sample)),
          output_A: plainA,
          output_B: plainB,
          candidate_A: plainA,
          candidate_B: plainB,
          fenced_output_A: shown.answerA,
          fenced_output_B: shown.answerB,
          chat: earlier === undefined ? shown.chatA : bothChats(shown),
          chat_A: shown.chatA,
          chat_B: shown.chatB,
          aspects: rubric,
          form,
          fence: fence.ending,
        });
  return judgeRequest({ id: order, text, aspects, notApplicable: false, fromTemplate: template !== null }, options);
}

type Shown = Readonly<Record<"chatA" | "chatB" | "answerA" | "answerB", string>>;

function oneQuestion({ chatA, answerA, answerB }: Shown, fence: Fence): string {
  return `Below are a question and the answers A and B of two assistants to it. ${fence.notice}

${chatA}

${answerA}

${answerB}`;
}

/** Each answer behind the chat it ends, as MT-bench's prompt for pairs of two turns has them (arXiv 2306.05685). */
function twoChats({ chatA, chatB, answerA, answerB }: Shown, fence: Fence): string {
  return `Below are the chats of one user with the assistants A and B, and the answers A and B of both to the last question. The user asked both the same; each assistant knows only its own earlier answers. ${fence.notice}

The chat with assistant A:
${chatA}
${answerA}

The chat with assistant B:
${chatB}
${answerB}`;
}

function bothChats({ chatA, chatB }: Shown): string {
  return `The chat with assistant A:\n${chatA}\n\nThe chat with assistant B:\n${chatB}`;
}

type OrderReading =
  | {
      readonly status: "read";
      readonly order: Order;
      readonly preferences: Readonly<Record<string, Preference>>;
      readonly rationale: string | undefined;
      readonly repairs: readonly string[];
    }
  | Extract<Judgement, { readonly status: "unparsed" }>;

function readOrder(order: Order, reply: JudgeReply | undefined, aspects: readonly ComparedAspect[]): OrderReading {
  if (reply === undefined) throw new UnshiftError("INTERNAL", "a request has no reply");
  const reading = readReply(reply, aspects, { notApplicable: false });
  if (reading.status === "unparsed") return { ...reading, raw: reply.text };
  const side = order === "answer-first" ? 1 : -1;
  return {
    status: "read",
    order,
    preferences: Object.fromEntries(
      Object.entries(reading.scores).map(([id, score]) => [
        id,
        score === 0 ? "tie" : score === side ? "answer" : "against",
      ]),
    ),
    rationale: rationaleOf(reading, aspects).rationale,
    repairs: reading.repairs,
  };
}

/** A tie in one order and a preference in the other do not agree either. */
function combined(readings: readonly OrderReading[], aspects: readonly ComparedAspect[]): Judgement {
  const read: Extract<OrderReading, { readonly status: "read" }>[] = [];
  for (const reading of readings) {
    if (reading.status === "unparsed") return reading;
    read.push(reading);
  }
  const preferences = Object.fromEntries(
    aspects.map(({ id }): [string, Preference] => {
      const [first = "tie", ...others] = read.map((each) => each.preferences[id] ?? "tie");
      return [id, others.every((other) => other === first) ? first : "inconsistent"];
    }),
  );
  const several = read.length > 1;
  const rationale = read
    .flatMap((each) =>
      each.rationale === undefined ? [] : several ? `${each.order}: ${each.rationale}` : each.rationale,
    )
    .join("\n\n");
  const repairs = read.flatMap((each) => each.repairs.map((repair) => (several ? `${each.order}: ${repair}` : repair)));
  return {
    status: "preferred",
    preferences,
    ...(several ? { orders: read.map((each) => each.preferences) } : {}),
    ...(rationale === "" ? {} : { rationale }),
    ...(repairs.length === 0 ? {} : { repairs }),
  };
}
