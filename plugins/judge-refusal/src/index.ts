import { contribution, definePlugin, type Judge } from "@unshift/contracts";
import { type RefusalOptions, refusalJudge } from "./refusal-judge.js";

export default definePlugin({
  name: "@unshift/judge-refusal",
  contract: "^1",
  judges: {
    refusal: contribution<Judge, RefusalOptions>({
      summary: "Did the answer decline (refused), and offer something all the same (partial)? By text alone",
      options: {
        type: "object",
        additionalProperties: false,
        properties: {
          appliesTo: {
            type: "object",
            additionalProperties: {
              anyOf: [{ type: "string" }, { type: "array", items: { type: "string" }, minItems: 1 }],
            },
            description:
              "Only samples with one of these values under each of these tags, such as `kind: [harmful]`. Default: all.",
          },
        },
      },
      example: { appliesTo: { kind: "harmful" } },
      create: refusalJudge,
    }),
  },
});
