import type { VNode } from "preact";
import { ScrollBox } from "../components/scroll-box.js";
import { useReport } from "../state/report-context.js";
import { count } from "../text/format.js";
import { JudgeMethod } from "./judge-method.js";

/** How every figure of the report is made, what to cite, and how to run it again. */
export function MethodView(): VNode {
  const { data } = useReport();
  const { manifest, lists } = data.summary;
  return (
    <section class="page prose">
      <h1>Method</h1>
      <p>
        An aligned model answers each question. The answer is then read again, token by token, by a second system, the{" "}
        <em>subject</em>: usually the untuned base model behind some prompt. At every position both models give a
        distribution over the whole vocabulary for the same next token. Where the subject would have written the same
        token, alignment changed nothing that can be seen; where it would not, something <em>shifted</em>.
      </p>
      <p>
        The two contexts differ on purpose: each model reads the question in its own prompt, then the same answer so
        far. Both contexts are shown, token for token, on every sample’s page.
      </p>
      <h2>Classes</h2>
      <p>
        η is the rank of the answer’s token under the subject: 1 plus the number of tokens with a strictly greater
        logit, over the full vocabulary. Ties share the better rank.
      </p>
      <dl class="definitions">
        <div>
          <dt>
            <span class="token unshifted">unshifted</span>
          </dt>
          <dd>η = 1. Plain text.</dd>
        </div>
        <div>
          <dt>
            <span class="token marginal">marginal</span>
          </dt>
          <dd>1 &lt; η ≤ 3. Dotted underline.</dd>
        </div>
        <div>
          <dt>
            <span class="token shifted">shifted</span>
          </dt>
          <dd>η &gt; 3. Solid underline and background.</dd>
        </div>
      </dl>
      <p>
        Ratios are micro-averages: all positions of all answers count alike, the token that ends an answer among them.
      </p>
      <h2>Divergences</h2>
      <p>With p the distribution of the model that answered and q the subject’s, over all tokens v, in nats:</p>
      <dl class="definitions formulas">
        <div>
          <dt>KL(p ‖ q)</dt>
          <dd>Σᵥ p(v) · ln(p(v) / q(v))</dd>
        </div>
        <div>
          <dt>JS</dt>
          <dd>½ KL(p ‖ m) + ½ KL(q ‖ m), m = ½(p + q); at most ln 2</dd>
        </div>
        <div>
          <dt>TV</dt>
          <dd>½ Σᵥ |p(v) − q(v)|; between 0 and 1</dd>
        </div>
        <div>
          <dt>Entropy</dt>
          <dd>−Σᵥ p(v) · ln p(v)</dd>
        </div>
      </dl>
      <p>
        They are exact: no list is cut off and renormalised. Where the vocabularies only overlap, both distributions are
        taken over the common tokens, and the mass left out is shown.
      </p>
      {lists === null || lists.kept === lists.of ? null : (
        <p>
          So many positions are compared that this file keeps the first {lists.kept} of the {lists.of} likeliest tokens
          of each; the run’s folder has them all. No figure is made from the lists.
        </p>
      )}
      <p>
        Answers can also come without a model, from a file. Their ids are the text tokenised once by the subject, not
        the ids they were sampled as. What needs only the subject (rank, class, probability) holds all the same; what
        needs the other distribution is not known and is left out.
      </p>
      <h2>Intervals</h2>
      <p>
        Ranges are 95 % bootstrap intervals. Positions of one answer are not independent, nor are the turns of one chat,
        so whole samples, a chat with all its turns, are resampled, not positions. A range that is missing means fewer
        than two of them. An interval of zero width (dotted underline) means that all resamples gave the same figure; it
        is no proof. Differences between subjects are paired by sample; their p is a two-sided sign-flip permutation
        test.
      </p>
      {data.summary.judges.length === 0 ? null : <JudgeMethod />}
      <h2>Cite</h2>
      <blockquote>
        Bill Yuchen Lin, Abhilasha Ravichander, Ximing Lu, Nouha Dziri, Melanie Sclar, Khyathi Chandu, Chandra
        Bhagavatula, Yejin Choi.{" "}
        <em>The Unlocking Spell on Base LLMs: Rethinking Alignment via In-Context Learning.</em> ICLR 2024.
        arXiv:2312.01552
      </blockquote>
      <h2>Run it again</h2>
      <p>
        Save the experiment below as <code>{manifest.name}.yaml</code>, then:
      </p>
      <pre class="command">npx unshift run {manifest.name}.yaml</pre>
      <p class="muted">
        Relative paths in the file are relative to the folder where it stood: save it there, or change them.
      </p>
      <details class="fold" open>
        <summary>Experiment</summary>
        <ScrollBox class="code" label="Experiment">
          {manifest.experimentText}
        </ScrollBox>
      </details>
      <details class="fold">
        <summary>Manifest</summary>
        <ScrollBox class="code" label="Manifest">
          {JSON.stringify({ ...manifest, experimentText: undefined }, null, 2)}
        </ScrollBox>
      </details>
      <p class="muted">
        {count(data.summary.tableCount)} {data.summary.tableCount === 1 ? "table stands" : "tables stand"} in the run’s
        folder as <code>tables/</code>.
      </p>
    </section>
  );
}
