import type { AnswerRecord, ComparisonRecord, Sample, VerdictRecord } from "@unshift/contracts";
import type { ReportShift, StoredPositions, TokenView } from "@unshift/contracts/services";
import type { BlockWriter } from "./block-writer.js";
import type { AnswerDetail, ComparisonDetail, SampleDetail } from "./format.js";
import type { PrefixIndex } from "./prefix-index.js";
import type { TokenIndex } from "./token-index.js";
import type { VerdictIndex } from "./verdict-index.js";

/** Where the parts of a sample are written to. */
export interface SampleTarget {
  readonly writer: BlockWriter;
  readonly tokens: TokenIndex;
  readonly prefixes: PrefixIndex;
  readonly verdicts: VerdictIndex;
  /** Entries kept of every list of likeliest tokens. */
  readonly listed: number;
  readonly view: (system: string, id: number) => TokenView;
}

/** One comparison as it was read from the run. */
export interface ComparisonSource {
  readonly shift: ReportShift;
  readonly record: ComparisonRecord | undefined;
  readonly positions: StoredPositions | null;
}

/** All that the page says of one sample. */
export function sampleDetail(
  sample: Sample,
  answers: readonly AnswerRecord[],
  verdicts: readonly VerdictRecord[],
  comparisons: readonly ComparisonSource[],
  target: SampleTarget,
): SampleDetail {
  return {
    messages: sample.messages,
    reference: sample.reference,
    answers: answers.map((answer) => answerDetail(answer, target)),
    verdicts: verdicts.map((verdict) => target.verdicts.detail(verdict)),
    comparisons: comparisons.map((source) => comparisonDetail(source, target)),
  };
}

function answerDetail(answer: AnswerRecord, { writer, tokens, prefixes }: SampleTarget): AnswerDetail {
  const { system } = answer;
  if (answer.status !== "answered")
    return { system, status: answer.status, code: answer.reason.code, message: answer.reason.message };
  return {
    system,
    status: "answered",
    text: answer.text,
    raw: answer.raw === answer.text ? null : answer.raw,
    tokens: answer.ids.length,
    finishReason: answer.finishReason,
    stop: answer.stop,
    repetition: answer.repetition ?? null,
    imported: answer.imported === undefined ? null : { generator: answer.imported.generator },
    prompt: answer.imported === undefined ? prefixes.split(system, answer.prompt, writer, tokens) : null,
  };
}

function comparisonDetail({ shift, record, positions }: ComparisonSource, target: SampleTarget): ComparisonDetail {
  if (record === undefined) return { status: "absent" };
  if (record.status !== "scored") {
    return { status: record.status, code: record.reason?.code ?? "", message: record.reason?.message ?? "" };
  }
  if (positions === null && record.positions > 0) return { status: "absent" };
  const { writer, tokens, prefixes, view } = target;
  const kept = Math.min(target.listed, positions?.columns.topK ?? 0);
  const columns = positions?.columns;
  const shown = (values: ArrayLike<number> | undefined) => writer.shown(values ?? []);
  const probabilities = (values: Float64Array | undefined) => shown(values?.map((logprob) => Math.exp(logprob)));
  const listed = <Values extends Int32Array | Float64Array>(values: Values | undefined): Values | undefined =>
    values === undefined || columns === undefined ? undefined : byPlace(values, columns.length, columns.topK, kept);
  const known = columns?.withoutReference !== true;
  // Answers made elsewhere were tokenised by the subject: their system has no vocabulary of its own.
  const speaker = known ? shift.answers : shift.subject;
  const ofReference = (values: Float64Array | undefined) => (known ? shown(values) : null);
  const dropped = (values: Float64Array | null | undefined) => (values ? shown(values) : null);
  const answerTokens = Array.from(columns?.tokenIds ?? [], (id, t) =>
    tokens.add(id, positions?.tokens[t] ?? "", view(speaker, id).special),
  );
  return {
    status: "scored",
    length: columns?.length ?? 0,
    topK: kept,
    token: writer.indexes(answerTokens),
    referenceProbability: known ? probabilities(columns?.referenceLogprob) : null,
    subjectProbability: probabilities(columns?.subjectLogprob),
    referenceRank: known ? writer.indexes(columns?.referenceRank ?? []) : null,
    subjectRank: writer.indexes(columns?.subjectRank ?? []),
    klReferenceSubject: ofReference(columns?.klReferenceSubject),
    klSubjectReference: ofReference(columns?.klSubjectReference),
    js: ofReference(columns?.js),
    tv: ofReference(columns?.tv),
    referenceEntropy: ofReference(columns?.referenceEntropy),
    subjectEntropy: shown(columns?.subjectEntropy),
    referenceTop: known ? writer.indexes(tokens.all(shift.answers, listed(columns?.referenceTopIds) ?? [])) : null,
    referenceTopProbabilities: known ? probabilities(listed(columns?.referenceTopLogprobs)) : null,
    subjectTop: writer.indexes(tokens.all(shift.subject, listed(columns?.subjectTopIds) ?? [])),
    subjectTopProbabilities: probabilities(listed(columns?.subjectTopLogprobs)),
    referenceDroppedMass: dropped(columns?.referenceDroppedMass),
    subjectDroppedMass: dropped(columns?.subjectDroppedMass),
    subjectPrompt:
      record.subjectPrompt === null ? null : prefixes.split(shift.subject, record.subjectPrompt, writer, tokens),
  };
}

/** The first `kept` entries of lists `[n, k]`, as `[kept, n]`. */
function byPlace<Values extends Int32Array | Float64Array>(
  values: Values,
  positions: number,
  k: number,
  kept: number,
): Values {
  const turned = values.slice(0, positions * kept) as Values;
  for (let t = 0; t < positions; t += 1)
    for (let place = 0; place < kept; place += 1) turned[place * positions + t] = values[t * k + place] ?? 0;
  return turned;
}
