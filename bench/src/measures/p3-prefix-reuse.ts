import { loadModel } from "@unshift/native";
import type { Bench } from "../bench.js";
import { type Measure, type Prepared, ratio } from "../measure.js";
import { timed } from "../timed.js";

/** Tokens of the question and the answer behind the prefix, together. */
const itemTokens = 150;

export const prefixReuse: Measure = {
  id: "P3",
  title: "Many samples behind one long prompt",
  meaning:
    "64 samples behind a shared prefix of 1,000 tokens (an in-context prompt), each with a question and an answer of about 150 tokens together, the answer scored. The other side forgets the prefix before every sample. The columns of both must be bit-equal.",
  needs: { models: true, peers: [] },
  figures: [
    {
      id: "time",
      title: "without / with prefix reuse",
      unit: "×",
      target: { direction: "at least", value: 5 },
      of: ratio("without", "with"),
    },
  ],
  prepare,
};

async function prepare(bench: Bench): Promise<Prepared> {
  const { signal, threads } = bench;
  const model = await loadModel(bench.models.model, { gpuLayers: bench.gpuLayers, signal });
  const prefixLength = bench.quick ? 100 : 1000;
  const context = model.createContext({ contextSize: prefixLength + 2 * itemTokens, threads });
  const ids = bench.answers.flatMap(({ question, answer }) => [...model.encode(`${question}\n\n${answer}\n\n`)]);
  const prefix = ids.slice(0, prefixLength);
  const samples = Array.from({ length: bench.quick ? 4 : 64 }, (_, index) => {
    const { question = "", answer = "" } = bench.answers[index % bench.answers.length] ?? {};
    const asked = model.encode(`${index + 1}. ${question}\n\n`).slice(0, itemTokens / 2);
    const said = model.encode(answer).slice(0, itemTokens - asked.length);
    return { tokens: Int32Array.from([...prefix, ...asked, ...said]), from: prefixLength + asked.length, prefixLength };
  });
  const columns = new Map<string, Float64Array[]>();
  const side = (id: string, title: string, forget: boolean) => ({
    id,
    title,
    async run() {
      context.clear();
      const found: Float64Array[] = [];
      const { seconds } = await timed(async () => {
        for (const sample of samples) {
          if (forget) context.clear();
          found.push((await context.score(sample, { signal })).logprob);
        }
      });
      columns.set(id, found);
      return { seconds };
    },
  });

  return {
    work: {
      samples: samples.length,
      prefixTokens: prefixLength,
      tokensBehind: samples.reduce((sum, { tokens }) => sum + tokens.length - prefixLength, 0),
    },
    sides: [
      side("without", "the prefix decoded for every sample", true),
      side("with", "Unshift: the prefix decoded once", false),
    ],
    async check() {
      const flat = (id: string) => (columns.get(id) ?? []).flatMap((list) => [...list]);
      const [one, other] = [flat("without"), flat("with")];
      const differing = one.filter((value, index) => !Object.is(value, other[index])).length;
      return {
        agree: one.length > 0 && one.length === other.length && differing === 0,
        text: `${differing} of ${one.length} log-probabilities differ in any bit`,
      };
    },
    async dispose() {
      context.dispose();
      model.dispose();
    },
  };
}
