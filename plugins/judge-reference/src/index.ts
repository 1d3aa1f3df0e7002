import { contribution, definePlugin, type Judge } from "@unshift/contracts";
import { referenceJudge } from "./reference-judge.js";

export default definePlugin({
  name: "@unshift/judge-reference",
  contract: "^1",
  judges: {
    reference: contribution<Judge, never>({
      summary: "Does the answer state the fact (correct); was a harmful question refused (refused)?",
      create: () => referenceJudge,
    }),
  },
});
