import type { PositionColumns } from "@unshift/contracts";
import { randomFrom } from "./random.js";
import type { Vocabulary } from "./vocabulary.js";

export const topK = 10;

/** Words that carry the aligned model's manner; the subject finds them unlikely. */
const manner = new Set(
  "Great Sure Of What Thank Here question lovely course Remember However hope sorry cannot important glad Is else luck respect Good <|end|>".split(
    " ",
  ),
);

/** Columns of plausible numbers: peaked distributions, shifts where the manner is, fewer of them as `closeness` (0–1) grows. */
export function positionsOf(
  ids: readonly number[],
  vocabulary: Vocabulary,
  closeness: number,
  seed: number,
): PositionColumns {
  const random = randomFrom(seed);
  const n = ids.length;
  const f64 = (): Float64Array => new Float64Array(n);
  const columns = {
    length: n,
    topK,
    tokenIds: Int32Array.from(ids),
    referenceLogprob: f64(),
    subjectLogprob: f64(),
    referenceRank: new Int32Array(n).fill(1),
    subjectRank: new Int32Array(n).fill(1),
    klReferenceSubject: f64(),
    klSubjectReference: f64(),
    js: f64(),
    tv: f64(),
    referenceEntropy: f64(),
    subjectEntropy: f64(),
    referenceTopIds: new Int32Array(n * topK),
    referenceTopLogprobs: new Float64Array(n * topK),
    subjectTopIds: new Int32Array(n * topK),
    subjectTopLogprobs: new Float64Array(n * topK),
    referenceDroppedMass: null,
    subjectDroppedMass: null,
  };
  for (const [t, id] of ids.entries()) {
    const styled = manner.has(vocabulary.view(id).text.trim());
    const pull = (styled ? 0.9 : 0.12) * (1 - closeness) * (t < 3 ? 1.15 : 1);
    const draw = random();
    const rank =
      draw > pull ? 1 : styled && random() < 0.6 ? 4 + Math.floor(random() ** 3 * 600) : 2 + Math.floor(random() * 3);
    const reference = distribution(id, 1, 0.55 + 0.44 * random(), vocabulary, random);
    const top = rank === 1 ? 0.5 + 0.49 * random() : 0.3 + 0.4 * random();
    const subject = distribution(id, rank, top, vocabulary, random);
    const p = Math.exp(reference.logprob);
    const q = Math.exp(subject.logprob);
    columns.referenceLogprob[t] = reference.logprob;
    columns.subjectLogprob[t] = subject.logprob;
    columns.subjectRank[t] = rank;
    columns.klReferenceSubject[t] = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    columns.klSubjectReference[t] = q * Math.log(q / p) + (1 - q) * Math.log((1 - q) / (1 - p));
    columns.tv[t] = Math.abs(p - q);
    columns.js[t] = 0.5 * columns.tv[t] ** 2;
    columns.referenceEntropy[t] = entropy(reference.logprobs);
    columns.subjectEntropy[t] = entropy(subject.logprobs);
    columns.referenceTopIds.set(reference.ids, t * topK);
    columns.referenceTopLogprobs.set(reference.logprobs, t * topK);
    columns.subjectTopIds.set(subject.ids, t * topK);
    columns.subjectTopLogprobs.set(subject.logprobs, t * topK);
  }
  return columns;
}

function distribution(answer: number, rank: number, top: number, vocabulary: Vocabulary, random: () => number) {
  const ids = new Set<number>();
  if (rank === 1) ids.add(answer);
  while (ids.size < topK) {
    if (ids.size === rank - 1) ids.add(answer);
    else {
      const other = vocabulary.id(fillers[Math.floor(random() * fillers.length)] ?? "x");
      if (other !== answer) ids.add(other);
    }
  }
  const logprobs: number[] = [];
  let left = 1;
  for (let i = 0; i < topK; i += 1) {
    const p =
      i === 0
        ? top
        : left *
          (0.3 + 0.25 * random()) *
          Math.min(1, logprobs[i - 1] ? Math.exp(logprobs[i - 1] ?? 0) / (left * 0.55) : 1);
    logprobs.push(Math.log(p));
    left -= p;
  }
  const logprob = rank <= topK ? (logprobs[rank - 1] ?? 0) : (logprobs[topK - 1] ?? 0) - Math.log(1 + rank / 8);
  return { ids: [...ids], logprobs, logprob };
}

function entropy(logprobs: readonly number[]): number {
  return -logprobs.reduce((sum, value) => sum + Math.exp(value) * value, 0);
}

const fillers =
  " The| A| It| In|The|It|A|I|You|There|Yes|No|First| is| are| was| has| of| for| to| and| with| on| at| that| which| may| can| also| often|,|.|:|\n| one| some| most| this| these| they| its| their".split(
    "|",
  );
