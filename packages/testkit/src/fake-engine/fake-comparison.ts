import type { PositionColumns } from "@unshift/contracts";

/**
 * The columns of one answer from full rows of logits, each written as its definition: slow, plain, float64. Rows hold
 * `commonSize` ids that both models share; a longer row's rest is dropped mass.
 *
 * @param rows logits of both models at position t
 */
export function compareRows(
  answerIds: Int32Array,
  topK: number,
  commonSize: number,
  extended: boolean,
  rows: (position: number) => { readonly reference: Float64Array; readonly subject: Float64Array },
): PositionColumns {
  const n = answerIds.length;
  const k = Math.min(topK, commonSize);
  const numbers = () => new Float64Array(n);
  const columns = {
    length: n,
    topK: k,
    tokenIds: answerIds,
    referenceLogprob: numbers(),
    subjectLogprob: numbers(),
    referenceRank: new Int32Array(n),
    subjectRank: new Int32Array(n),
    klReferenceSubject: numbers(),
    klSubjectReference: numbers(),
    js: numbers(),
    tv: numbers(),
    referenceEntropy: numbers(),
    subjectEntropy: numbers(),
    referenceTopIds: new Int32Array(n * k),
    referenceTopLogprobs: new Float64Array(n * k),
    subjectTopIds: new Int32Array(n * k),
    subjectTopLogprobs: new Float64Array(n * k),
    referenceDroppedMass: extended ? numbers() : null,
    subjectDroppedMass: extended ? numbers() : null,
  };
  for (const [t, id] of answerIds.entries()) {
    const whole = rows(t);
    const reference = logSoftmax(whole.reference.subarray(0, commonSize));
    const subject = logSoftmax(whole.subject.subarray(0, commonSize));
    const mixture = reference.map((value, index) => Math.log((Math.exp(value) + Math.exp(at(subject, index))) / 2));
    columns.referenceLogprob[t] = at(reference, id);
    columns.subjectLogprob[t] = at(subject, id);
    columns.referenceRank[t] = rankOf(whole.reference.subarray(0, commonSize), id);
    columns.subjectRank[t] = rankOf(whole.subject.subarray(0, commonSize), id);
    columns.klReferenceSubject[t] = kl(reference, subject);
    columns.klSubjectReference[t] = kl(subject, reference);
    columns.js[t] = (kl(reference, mixture) + kl(subject, mixture)) / 2;
    columns.tv[t] = totalVariation(reference, subject);
    columns.referenceEntropy[t] = entropy(reference);
    columns.subjectEntropy[t] = entropy(subject);
    for (const [place, top] of topIds(reference, k).entries()) {
      columns.referenceTopIds[t * k + place] = top;
      columns.referenceTopLogprobs[t * k + place] = at(reference, top);
    }
    for (const [place, top] of topIds(subject, k).entries()) {
      columns.subjectTopIds[t * k + place] = top;
      columns.subjectTopLogprobs[t * k + place] = at(subject, top);
    }
    if (columns.referenceDroppedMass !== null) columns.referenceDroppedMass[t] = massFrom(whole.reference, commonSize);
    if (columns.subjectDroppedMass !== null) columns.subjectDroppedMass[t] = massFrom(whole.subject, commonSize);
  }
  return columns;
}

function at(row: Float64Array, id: number): number {
  const value = row[id];
  if (value === undefined) throw new RangeError(`id ${id} lies outside a row of ${row.length}`);
  return value;
}

/** ln softmax, nats. */
function logSoftmax(logits: Float64Array): Float64Array {
  const highest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  return logits.map((logit) => logit - highest - Math.log(total));
}

/** 1 + ids with a strictly greater logit. */
function rankOf(logits: Float64Array, id: number): number {
  const own = at(logits, id);
  return 1 + logits.filter((logit) => logit > own).length;
}

/** Σ p (ln p − ln q), nats; rounding below zero is zero. */
function kl(p: Float64Array, q: Float64Array): number {
  return Math.max(
    0,
    p.reduce((sum, logp, id) => sum + Math.exp(logp) * (logp - at(q, id)), 0),
  );
}

/** ½ Σ |p − q|. */
function totalVariation(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, logp, id) => sum + Math.abs(Math.exp(logp) - Math.exp(at(q, id))), 0) / 2;
}

/** −Σ p ln p, nats. */
function entropy(p: Float64Array): number {
  return -p.reduce((sum, logp) => sum + Math.exp(logp) * logp, 0);
}

/** The k likeliest ids; equal ones by rising id. */
function topIds(p: Float64Array, k: number): number[] {
  return Array.from(p.keys())
    .sort((a, b) => at(p, b) - at(p, a) || a - b)
    .slice(0, k);
}

/** Probability of the ids from `first` on. */
function massFrom(logits: Float64Array, first: number): number {
  return logSoftmax(logits)
    .subarray(first)
    .reduce((sum, logp) => sum + Math.exp(logp), 0);
}
