import type { VNode } from "preact";

/** What colours and lines mean, with the thresholds of the paper (§2.2). */
export function Legend({ answers, subject }: { readonly answers: string; readonly subject: string }): VNode {
  return (
    <dl class="legend" aria-label={`Classes by the rank that ${subject} gives to the token ${answers} wrote`}>
      <div>
        <dt class="token unshifted">unshifted</dt>
        <dd>rank 1: its own first choice</dd>
      </div>
      <div>
        <dt class="token marginal">marginal</dt>
        <dd>rank 2–3</dd>
      </div>
      <div>
        <dt class="token shifted">shifted</dt>
        <dd>rank above 3</dd>
      </div>
    </dl>
  );
}
