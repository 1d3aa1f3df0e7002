import { contribution, definePlugin, type Judge } from "@unshift/contracts";
import { formats, type RewardModelOptions, rewardModelJudge } from "./reward-model-judge.js";

export default definePlugin({
  name: "@unshift/judge-reward-model",
  contract: "^1",
  judges: {
    "reward-model": contribution<Judge, RewardModelOptions>({
      summary: "The score of a reward model, ranker or classifier: a GGUF file with a classifier head, on this machine",
      options: {
        type: "object",
        additionalProperties: false,
        required: ["model"],
        properties: {
          model: {
            type: "string",
            minLength: 1,
            description:
              "A GGUF file with a classifier head: ./model.gguf relative to the experiment file, hf:OWNER/REPO/FILE.gguf, or builtin:NAME.",
            examples: ["./reward.gguf", "hf:OWNER/REPO/FILE.gguf"],
          },
          format: {
            type: "string",
            enum: formats,
            default: "pair",
            description:
              "What the model reads. pair: question and answer as the file's own pair of texts; qa: one text, `Question: …` and `Answer: …`; answer: the answer alone.",
          },
          label: {
            type: "string",
            minLength: 1,
            description: "Which output is the score, by the file's own label; needed where there are several.",
          },
        },
      },
      example: { model: "./reward.gguf", format: "pair" },
      create: rewardModelJudge,
    }),
  },
});
