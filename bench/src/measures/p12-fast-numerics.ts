import { comparePair, loadModel, type Numerics } from "@unshift/native";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, ratio, sideValue } from "../measure.js";
import { timed } from "../timed.js";

export const fastNumerics: Measure = {
  id: "P12",
  title: "Fast numerics beside strict",
  meaning:
    "Two models compared at every token of the answers, once in strict numerics (no flash attention, float32 memory) and once in fast ones (flash attention, float16 memory). A position changes its class where the subject's rank of the token leaves the group it was in: 1 (unshifted), 2 or 3 (marginal), beyond (shifted). How many do depends on the models: random weights spread probability wider than trained ones.",
  needs: { models: true, peers: [] },
  figures: [
    { id: "time", title: "strict / fast", unit: "×", target: null, of: ratio("strict", "fast") },
    {
      id: "classes",
      title: "positions whose class fast numerics change",
      unit: "per 10,000",
      target: null,
      of: sideValue("fast", "changedPer10000"),
    },
  ],
  prepare,
};

interface Columns {
  readonly classes: readonly number[];
  readonly kl: readonly number[];
}

async function prepare(bench: Bench): Promise<Prepared> {
  const { signal, threads, gpuLayers } = bench;
  const [reference, subject] = await Promise.all([
    loadModel(bench.models.model, { gpuLayers, signal }),
    loadModel(bench.models.twin, { gpuLayers, signal }),
  ]);
  const items = bench.answers.slice(0, bench.quick ? 1 : 8).map(({ question, answer }) => ({
    prompt: reference.encode(`${question}\n\n`),
    answer: reference.encode(answer).slice(0, bench.quick ? 16 : 256),
  }));
  const contextSize = Math.max(...items.map(({ prompt, answer }) => prompt.length + answer.length));
  const open = (numerics: Numerics) =>
    [reference, subject].map((model) => model.createContext({ contextSize, threads, numerics })) as [
      ReturnType<typeof reference.createContext>,
      ReturnType<typeof reference.createContext>,
    ];
  const contexts = { strict: open("strict"), fast: open("fast") };
  const found: Partial<Record<Numerics, Columns>> = {};
  const compare = async (numerics: Numerics) => {
    const [x, y] = contexts[numerics];
    const classes: number[] = [];
    const kl: number[] = [];
    const { seconds } = await timed(async () => {
      for (const { prompt, answer } of items) {
        x.clear();
        y.clear();
        const request = { referencePrompt: prompt, subjectPrompt: prompt, answer };
        const columns = await comparePair(x, y, request, { signal });
        classes.push(...[...columns.subject.rank].map((rank) => Math.min(rank, 4) >> 1));
        kl.push(...columns.klReferenceSubject);
      }
    });
    found[numerics] = { classes, kl };
    return seconds;
  };
  const changed = () => {
    const { strict, fast } = found;
    if (strict === undefined || fast === undefined) return Number.NaN;
    const count = strict.classes.filter((value, index) => value !== fast.classes[index]).length;
    return (10_000 * count) / strict.classes.length;
  };

  return {
    work: { answers: items.length, positions: items.reduce((sum, { answer }) => sum + answer.length, 0) },
    sides: [
      { id: "strict", title: "Unshift, strict numerics", run: async () => ({ seconds: await compare("strict") }) },
      {
        id: "fast",
        title: "Unshift, fast numerics",
        async run() {
          const seconds = await compare("fast");
          // A quick run has no round before this one: then strict comes after, and this side says nothing.
          return { seconds, changedPer10000: changed() };
        },
      },
    ],
    async check() {
      const mean = (values: readonly number[] = []) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const [strict, fast] = [mean(found.strict?.kl), mean(found.fast?.kl)];
      return {
        agree: Math.abs(strict - fast) <= 0.05 * strict,
        text: `mean KL ${strict.toPrecision(4)} nats in strict numerics, ${fast.toPrecision(4)} in fast ones; ${changed().toPrecision(3)} of 10,000 positions change their class`,
      };
    },
    async dispose() {
      for (const context of [...contexts.strict, ...contexts.fast]) context.dispose();
      reference.dispose();
      subject.dispose();
    },
  };
}
