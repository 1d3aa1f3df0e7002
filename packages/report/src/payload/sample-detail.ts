import type { AnswerRecord, ComparisonRecord, Sample, VerdictRecord } from "@unshift/contracts";
import type { ReportShift, StoredPositions, TokenView } from "@unshift/contracts/services";
import type { BlockWriter } from "./block-writer.js";
import type { AnswerDetail, ComparisonDetail, SampleDetail, VerdictDetail } from "./format.js";
import type { PrefixIndex } from "./prefix-index.js";
import type { TokenIndex } from "./token-index.js";

/** Where the parts of a sample are written to. */
export interface SampleTarget {
  readonly writer: BlockWriter;
  readonly tokens: TokenIndex;
  readonly prefixes: PrefixIndex;
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
    verdicts: verdicts.map(verdictDetail),
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

function verdictDetail({ judge, system, judgement }: VerdictRecord): VerdictDetail {
  const scores = judgement.status === "scored" ? judgement.scores : {};
  const why = "reason" in judgement ? judgement.reason : (judgement.rationale ?? null);
  return { judge, system, status: judgement.status, scores, why };
}

function comparisonDetail({ shift, record, positions }: ComparisonSource, target: SampleTarget): ComparisonDetail {
  if (record === undefined) return { status: "absent" };
  if (record.status !== "scored") {
    return { status: record.status, code: record.reason?.code ?? "", message: record.reason?.message ?? "" };
  }
  if (positions === null && record.positions > 0) return { status: "absent" };
  const { writer, tokens, prefixes, view } = target;
  const columns = positions?.columns;
  const f32 = (values: ArrayLike<number> | undefined) => writer.column("f32", values ?? []);
  const known = columns?.withoutReference !== true;
  // Answers made elsewhere were tokenised by the subject: their system has no vocabulary of its own.
  const speaker = known ? shift.answers : shift.subject;
  const ofReference = (values: Float64Array | undefined) => (known ? f32(values) : null);
  const dropped = (values: Float64Array | null | undefined) => (values ? f32(values) : null);
  const answerTokens = Array.from(columns?.tokenIds ?? [], (id, t) =>
    tokens.add(id, positions?.tokens[t] ?? "", view(speaker, id).special),
  );
  return {
    status: "scored",
    length: columns?.length ?? 0,
    topK: columns?.topK ?? 0,
    token: writer.indexes(answerTokens),
    referenceLogprob: ofReference(columns?.referenceLogprob),
    subjectLogprob: f32(columns?.subjectLogprob),
    referenceRank: known ? writer.indexes(columns?.referenceRank ?? []) : null,
    subjectRank: writer.indexes(columns?.subjectRank ?? []),
    klReferenceSubject: ofReference(columns?.klReferenceSubject),
    klSubjectReference: ofReference(columns?.klSubjectReference),
    js: ofReference(columns?.js),
    tv: ofReference(columns?.tv),
    referenceEntropy: ofReference(columns?.referenceEntropy),
    subjectEntropy: f32(columns?.subjectEntropy),
    referenceTop: known ? writer.indexes(tokens.all(shift.answers, columns?.referenceTopIds ?? [])) : null,
    referenceTopLogprobs: ofReference(columns?.referenceTopLogprobs),
    subjectTop: writer.indexes(tokens.all(shift.subject, columns?.subjectTopIds ?? [])),
    subjectTopLogprobs: f32(columns?.subjectTopLogprobs),
    referenceDroppedMass: dropped(columns?.referenceDroppedMass),
    subjectDroppedMass: dropped(columns?.subjectDroppedMass),
    subjectPrompt:
      record.subjectPrompt === null ? null : prefixes.split(shift.subject, record.subjectPrompt, writer, tokens),
  };
}
