import type { AnsweredRecord, ComparisonRecord, PromptRecord } from "@unshift/contracts";
import test from "ava";
import fc from "fast-check";
import { planLogits, type StoredRun } from "../../src/index.js";

const promptOf = (ids: readonly number[], prefixLength = 0): PromptRecord => ({
  text: "",
  ids,
  prefixLength,
  provenance: {},
});

function answered(system: string, sampleId: string, prompt: PromptRecord, ids: readonly number[]): AnsweredRecord {
  return {
    key: `${system} ${sampleId}`,
    system,
    sampleId,
    status: "answered",
    prompt,
    ids,
    rawIds: ids,
    text: "",
    raw: "",
    finishReason: "eos",
    stop: null,
    durationMs: 1,
  };
}

function compared(shift: string, sampleId: string, subjectPrompt: PromptRecord): ComparisonRecord {
  return { key: "", shift, sampleId, status: "scored", positions: 1, reason: null, subjectPrompt };
}

/** A run of two systems with models and one known by its answers; sample "c" was skipped by `aligned`. */
function storedRun(prompt: PromptRecord, answer: readonly number[], subjectPrompt: PromptRecord): StoredRun {
  const shifts = [
    { id: "aligned→base", answers: "aligned", subject: "base" },
    { id: "gpt→base", answers: "gpt", subject: "base" },
  ];
  const skipped = { key: "", system: "aligned", sampleId: "c", status: "skipped" } as const;
  return {
    manifest: { experiment: { shifts } } as unknown as StoredRun["manifest"],
    samples: ["a", "b", "c"].map((id) => ({ id })) as unknown as StoredRun["samples"],
    systems: [
      { id: "aligned", model: "large", strategy: "chat" },
      { id: "base", model: "small", strategy: "zero-shot" },
      { id: "gpt", model: null, strategy: null },
    ],
    answers: [
      answered("aligned", "a", prompt, answer),
      answered("aligned", "b", prompt, [7]),
      { ...skipped, reason: { code: "x", message: "" }, promptTokens: null, contextSize: null },
      answered("gpt", "b", promptOf([]), answer),
    ],
    verdicts: [],
    shifts: shifts.map((shift) => ({
      ...shift,
      comparisons: [compared(shift.id, "a", subjectPrompt), compared(shift.id, "b", subjectPrompt)],
    })),
    token: (_, id) => ({ id, text: "", special: false }),
  };
}

test("every token but the first of what is read is predicted by one row, whichever are asked for", (t) => {
  const list = (least: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: 12 });
  fc.assert(
    fc.property(list(1), list(0), fc.nat(15), (prompt, answer, prefix) => {
      const run = storedRun(promptOf(prompt, Math.min(prefix, prompt.length - 1)), answer, promptOf([1]));
      const predicted = (positions: "answer" | "prompt" | "all") => {
        const { samples, rows } = planLogits(run, { samples: ["a"], positions });
        t.is(
          samples.reduce((sum, sample) => sum + sample.rows, 0),
          rows,
        );
        return samples.flatMap((sample) => {
          t.is(sample.item.ids.length - sample.item.from, sample.rows);
          t.true(sample.item.prefixLength <= sample.item.from);
          return Array.from({ length: sample.rows }, (_, row) => {
            const token = sample.token(row);
            // The row stands behind all that comes before its token.
            const before = Array.from(sample.item.ids.slice(0, sample.item.from + row + 1));
            const at = token.part === "prompt" ? token.position : prompt.length + token.position;
            t.deepEqual(before, [...prompt, ...answer].slice(0, at));
            return token;
          });
        });
      };
      t.deepEqual(
        predicted("answer").map(({ id }) => id),
        answer,
      );
      t.deepEqual(
        predicted("prompt").map(({ id }) => id),
        prompt.slice(1),
      );
      t.deepEqual(predicted("all"), [...predicted("prompt"), ...predicted("answer")]);
    }),
    { numRuns: 100 },
  );
});

test("whose answers, under whom: what the shifts of the run allow", (t) => {
  const run = storedRun(promptOf([1, 2, 3], 2), [4, 5], promptOf([6], 0));
  const own = planLogits(run, { positions: "answer" });
  t.deepEqual([own.system, own.under, own.model, own.rows, own.without], ["aligned", "aligned", "large", 3, 1]);
  t.deepEqual(
    own.samples.map(({ sampleId, firstRow }) => [sampleId, firstRow]),
    [
      ["a", 0],
      ["b", 2],
    ],
  );
  const other = planLogits(run, { under: "base", positions: "answer" });
  t.deepEqual([other.model, other.samples[0]?.item.ids], ["small", Int32Array.of(6, 4)]);
  t.not(other.itemsHash, own.itemsHash);
  const given = planLogits(run, { system: "gpt", positions: "answer" });
  t.deepEqual([given.under, given.model, given.rows, given.without], ["base", "small", 2, 2]);
  for (const [choice, message] of [
    [{ system: "gtp" }, /--system "gtp" is not of this run. Allowed: aligned, base, gpt/],
    [{ system: "gpt", under: "gpt" }, /--under "gpt" is not of this run. Allowed: base/],
    [{ system: "base", under: "aligned" }, /--under "aligned" is not of this run. Allowed: base/],
    [{ samples: ["a", "z"] }, /--sample "z" is not of this run. Allowed: a, b, c/],
  ] as const)
    t.throws(() => planLogits(run, { positions: "answer", ...choice }), { code: "USAGE", message });
});
