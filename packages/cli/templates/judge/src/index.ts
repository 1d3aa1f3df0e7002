import { contribution, definePlugin, type JsonSchema, type Judge } from "@unshift/contracts";

/** What `create` receives: checked against the schema below, defaults filled in. */
interface BrevityOptions {
  readonly words: number;
}

const options: JsonSchema<BrevityOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    words: { type: "integer", minimum: 1, default: 30, description: "An answer of at most so many words is brief." },
  },
};

export default definePlugin({
  name: "unshift-plugin-acme",
  contract: "^1",
  judges: {
    "acme/brevity": contribution<Judge, BrevityOptions>({
      summary: "Is the answer brief?",
      options,
      example: { words: 20 },
      create: (given) => ({
        // Changes whenever the same answer could get another score: stored verdicts are then asked for again.
        version: `1, ${given.words} words`,
        aspects: [
          { id: "brief", title: "Brief", min: 0, max: 1, meaning: `share of answers of at most ${given.words} words` },
        ],
        judge: ({ answer }) => {
          const words = wordCount(answer.text);
          // "No score" is a state with a reason, never a number.
          if (words === 0) return { status: "not-applicable", reason: "the answer holds no word" };
          return {
            status: "scored",
            scores: { brief: words <= given.words ? 1 : 0 },
            rationale: `${words} words`,
          };
        },
      }),
    }),
  },
});

function wordCount(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== "").length;
}
