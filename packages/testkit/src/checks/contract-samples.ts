import type { Sample } from "@unshift/contracts";

function sample(id: string, content: string): Sample {
  return { id, messages: [{ role: "user", content }], reference: [], tags: {} };
}

/** Samples of every form a strategy may meet. The first one is plain: every strategy must build a prompt for it. */
export const contractSamples: readonly Sample[] = [
  sample("plain", "What is the capital of France?"),
  sample("plain-2", "Name three rivers of Europe."),
  sample("empty", ""),
  sample("lines", "First line\n\nSecond line\n"),
  sample("unicode", "Où est le café ? 日本 🙂 e\u0301 \u202Eabc"),
  sample("fences", "Explain this:\n```js\nconst q = $('# Query:');\n```\nThanks."),
  sample("braces", "What do {{ x }} and {% if %} mean, and $& or $1?"),
  sample("control", "What does <|end|> or </s> mean?"),
  {
    id: "history",
    messages: [
      { role: "user", content: "Who wrote Faust?" },
      { role: "assistant", content: "Johann Wolfgang von Goethe did." },
      { role: "user", content: "When was he born?" },
    ],
    reference: ["1749"],
    tags: { kind: ["fact"] },
  },
  {
    id: "system",
    messages: [
      { role: "system", content: "Answer in one sentence." },
      { role: "user", content: "Why is the sky blue?" },
    ],
    reference: [],
    tags: {},
  },
];
