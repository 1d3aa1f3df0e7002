import type { VNode } from "preact";
import { TokenChip } from "../components/token-text.js";
import type { PositionDetail } from "../data/positions.js";
import { count, divergence, ordinal, percent } from "../text/format.js";
import { Alternatives } from "./alternatives.js";

interface InspectorProps {
  readonly detail: PositionDetail;
  readonly position: number;
  readonly length: number;
  readonly answers: string;
  readonly subject: string;
  /** Whether the sheet is up, where the screen is narrow. */
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The chosen token: what both models thought at its position; the subject alone where there is no reference. */
export function Inspector({ detail, position, length, answers, subject, open, onClose }: InspectorProps): VNode {
  const { shiftClass, token, hasReference: known } = detail;
  return (
    <aside class={`inspector ${open ? "open" : ""}`} aria-label="The chosen token">
      <div class="inspector-head">
        <TokenChip token={token} class={`large ${shiftClass}`} />
        <span class={`badge ${shiftClass}`}>{shiftClass}</span>
        <button type="button" class="tool close" onClick={onClose} aria-label="Close">
          ×
        </button>
      </div>
      <p class="muted where">
        {ordinal(position + 1)} of {count(length)} tokens (position {count(position)}, counted from 0) · token id{" "}
        {detail.token[0]}
      </p>
      <table class="pair">
        <thead>
          <tr>
            <td />
            {known ? (
              <th scope="col">
                <bdi>{answers}</bdi>
              </th>
            ) : null}
            <th scope="col">
              <bdi>{subject}</bdi>
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Rank of the token</th>
            {known ? <td>{count(detail.referenceRank)}</td> : null}
            <td class={`rank ${shiftClass}`}>{count(detail.subjectRank)}</td>
          </tr>
          <tr>
            <th scope="row">Probability</th>
            {known ? <td>{percent(detail.referenceProbability)}</td> : null}
            <td>{percent(detail.subjectProbability)}</td>
          </tr>
          <tr>
            <th scope="row">
              Entropy <span class="unit">nats</span>
            </th>
            {known ? <td>{divergence(detail.referenceEntropy)}</td> : null}
            <td>{divergence(detail.subjectEntropy)}</td>
          </tr>
          {detail.referenceDroppedMass === null && detail.subjectDroppedMass === null ? null : (
            <tr>
              <th scope="row">Mass on ids the other lacks</th>
              <td>{percent(detail.referenceDroppedMass)}</td>
              <td>{percent(detail.subjectDroppedMass)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {known ? <Divergences detail={detail} answers={answers} subject={subject} /> : null}
      <div class={`lists ${known ? "" : "single"}`}>
        {known ? (
          <Alternatives
            title={answers}
            items={detail.referenceTop}
            chosen={detail.token[0]}
            rank={detail.referenceRank}
            probability={detail.referenceProbability}
            token={token}
            side="reference"
          />
        ) : null}
        <Alternatives
          title={subject}
          items={detail.subjectTop}
          chosen={detail.token[0]}
          rank={detail.subjectRank}
          probability={detail.subjectProbability}
          token={token}
          side="subject"
        />
      </div>
    </aside>
  );
}

function Divergences({ detail, answers, subject }: Pick<InspectorProps, "detail" | "answers" | "subject">): VNode {
  return (
    <dl class="divergences">
      <div title={`How surprised one is who expects ${subject} and meets ${answers}`}>
        <dt>
          KL(<bdi>{answers}</bdi> ‖ <bdi>{subject}</bdi>)
        </dt>
        <dd>{divergence(detail.klReferenceSubject)}</dd>
      </div>
      <div title={`How surprised one is who expects ${answers} and meets ${subject}`}>
        <dt>
          KL(<bdi>{subject}</bdi> ‖ <bdi>{answers}</bdi>)
        </dt>
        <dd>{divergence(detail.klSubjectReference)}</dd>
      </div>
      <div title="Jensen–Shannon divergence, nats; at most ln 2">
        <dt>JS</dt>
        <dd>{divergence(detail.js)}</dd>
      </div>
      <div title="Total variation distance; 0 to 1">
        <dt>TV</dt>
        <dd>{divergence(detail.tv)}</dd>
      </div>
    </dl>
  );
}
