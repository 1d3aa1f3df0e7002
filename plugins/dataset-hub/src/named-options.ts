import type { JsonSchema } from "@unshift/contracts";

/** Options of the datasets that have a name of their own. */
export interface NamedOptions {
  readonly path?: string;
  readonly file?: string;
  readonly revision: string;
}

export const text = (description: string) => ({ type: "string", minLength: 1, description }) as const;
export const revision = {
  ...text("Branch, tag or commit on the hub; the commit is recorded."),
  default: "main",
} as const;

const named = {
  path: text("A local copy (JSONL or Parquet) in place of the hub's, relative to the experiment file."),
  file: text("The repository's file, where it is not the usual one."),
  revision,
} as const;

export interface JustEvalOptions extends NamedOptions {
  readonly lite?: boolean;
}

export const justEvalOptions: JsonSchema<JustEvalOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    ...named,
    lite: {
      type: "boolean",
      default: false,
      description:
        "A fixed tenth of the samples, spread over sources and tasks (100 of the 1,000), for a quick look; the run records it.",
    },
  },
};

export interface MtBenchOptions extends NamedOptions {
  readonly turns?: 1 | 2;
}

export const mtBenchOptions: JsonSchema<MtBenchOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    ...named,
    turns: {
      type: "integer",
      enum: [1, 2],
      default: 2,
      description: "Turns that are asked; the second one behind the system's own first answer.",
    },
  },
};
