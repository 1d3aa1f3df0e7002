export type NodeLlamaCppRequest =
  | {
      readonly do: "open";
      readonly model: string;
      readonly threads: number;
      readonly gpuLayers: number;
      /** Tokens of one sequence. */
      readonly contextSize: number;
      readonly sequences: number;
    }
  | { readonly do: "generate"; readonly prompts: readonly (readonly number[])[]; readonly maxTokens: number }
  | {
      readonly do: "logprobs";
      readonly prompt: readonly number[];
      readonly answer: readonly number[];
      /** Every token's probability as a map; or the logits of the token and the ten best, and the sum over all. */
      readonly through: "probabilities" | "filtered logits";
    };

export type NodeLlamaCppReply =
  | { readonly done: "opened" }
  | { readonly done: "generated"; readonly seconds: number; readonly answers: readonly (readonly number[])[] }
  | { readonly done: "logprobs"; readonly seconds: number; readonly logprobs: readonly number[] }
  | { readonly done: "failed"; readonly message: string };
