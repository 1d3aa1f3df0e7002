import { judgedRun } from "./judged.js";
import type { Question } from "./questions.js";
import { randomFrom } from "./random.js";
import { type SyntheticRun, syntheticRun } from "./run.js";

const words =
  "Sure the a of to and in is it that for with as on by this be are from at or an which can water light time people place answer question good first small long year day work part number name form line turn cause mean differ move right old great".split(
    " ",
  );

/** A judged run of any size: `samples` questions whose aligned answers have `tokens` tokens each, compared under two subjects. */
export function largeRun(samples: number, tokens: number): SyntheticRun {
  const random = randomFrom(5);
  const text = (length: number): string =>
    Array.from({ length }, (_, i) =>
      i % 19 === 18 ? "." : `${i === 0 ? "" : " "}${words[Math.floor(random() * words.length)] ?? "the"}`,
    ).join("");
  const kinds = ["fact", "advice", "harmful"] as const;
  const questions = Array.from({ length: samples }, (_, i): Question => {
    return {
      id: `sample-${i}`,
      domain: `domain ${i % 24}`,
      kind: kinds[i % 3] ?? "fact",
      text: `Question ${i}: ${text(18)}?`,
      reference: [],
      // One more token ends the answer.
      aligned: text(tokens - 1),
      zeroShot: text(Math.ceil(tokens / 3)),
      urial: text(Math.ceil(tokens / 2)),
    };
  });
  return judgedRun(
    syntheticRun(questions),
    (n) => `Judged ${n}: ${"it says what was asked and little else; ".repeat(8)}`,
  );
}
