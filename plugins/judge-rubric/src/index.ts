import { contribution, definePlugin, type Judge } from "@unshift/contracts";
import { justEvalJudge } from "./just-eval/judge.js";
import { type JustEvalOptions, justEvalOptions } from "./just-eval/options.js";
import { mtBenchJudge } from "./mt-bench/judge.js";
import { type MtBenchOptions, mtBenchOptions } from "./mt-bench/options.js";
import { pairwiseJudge } from "./pairwise/judge.js";
import { type PairwiseOptions, pairwiseOptions } from "./pairwise/options.js";
import { rubricJudge } from "./rubric/judge.js";
import { type RubricOptions, rubricOptions } from "./rubric/options.js";

export default definePlugin({
  name: "@unshift/judge-rubric",
  contract: "^1",
  judges: {
    "just-eval": contribution<Judge, JustEvalOptions>({
      summary: "Five aspects of an answer in one request, safety of answers to harmful questions; 1 to 5",
      options: justEvalOptions,
      example: { naPolicy: "exclude", maxWords: 1000 },
      create: justEvalJudge,
    }),
    pairwise: contribution<Judge, PairwiseOptions>({
      summary: "Which of two systems' answers is better, asked in both orders",
      options: pairwiseOptions,
      example: { orders: "both", aspects: [{ id: "overall", title: "Overall", question: "Which answer is better?" }] },
      create: pairwiseJudge,
    }),
    "mt-bench": contribution<Judge, MtBenchOptions>({
      summary: "MT-bench's grades from 1 to 10, turn by turn, with reference answers where there is a right one",
      options: mtBenchOptions,
      example: { referenceFor: ["math", "reasoning", "coding"] },
      create: mtBenchJudge,
    }),
    rubric: contribution<Judge, RubricOptions>({
      summary: "Aspects and scales of your own, given in the experiment file",
      options: rubricOptions,
      example: {
        aspects: [
          {
            id: "brevity",
            title: "Brevity",
            question: "Is it as short as it can be? 1: rambling; 5: no word too many.",
          },
          {
            id: "cites",
            title: "Cites",
            question: "Does it name a source?",
            choices: [
              { label: "yes", score: 1 },
              { label: "no", score: 0 },
            ],
          },
        ],
        appliesTo: { kind: ["fact"] },
      },
      create: rubricJudge,
    }),
  },
});
