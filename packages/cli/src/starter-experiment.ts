import { stringify } from "yaml";

/** The text of an experiment that runs as it is, on the embedded pair, with a comment at what a person changes first. */
export function starterExperiment(name: string): string {
  return `# What did alignment tuning change, token by token, and how much of it does a prompt alone bring back?
# \`npx unshift plan\` counts what a run would do, \`npx unshift run\` does it and draws a report.
name: ${stringify(name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "experiment").trimEnd()}

# Two models with one vocabulary: an untuned one and one tuned from it. builtin: are tiny models that come along. Your own:
#   base: { path: ./Llama-2-7b.Q8_0.gguf, contextSize: 4096 }
#   base: { path: "hf:OWNER/REPO/FILE.gguf" }
models:
  base: builtin:tiny-base
  aligned: builtin:tiny-aligned

# The questions. Your own: { use: files, path: ./questions.jsonl }, a line each: {"id": "q1", "instruction": "Why is the sky blue?"}
dataset: { use: builtin, limit: 8, seed: 7 }

# How answers are generated: greedy, at most so many tokens.
decoding: { temperature: 0, maxTokens: 96 }

# Who answers: a model and how a question becomes its prompt. \`npx unshift list\` names the strategies.
systems:
  aligned: { model: aligned, strategy: chat }
  zero-shot: { model: base, strategy: zero-shot }
  urial: { model: base, strategy: { use: urial, prompt: "builtin:k3" } }

# The aligned model's answers, read again under each base system.
shifts:
  - { answers: aligned, subjects: [zero-shot, urial] }

# Does an answer state the fact its question asks for? Needs questions with a \`reference\`.
judges: [reference]
`;
}
