import type { VNode } from "preact";
import { JudgeName } from "../judges/judge-name.js";
import { useReport } from "../state/report-context.js";
import { naPolicyText } from "../text/score-text.js";

/** How the judges' figures are made, as far as this run has them. */
export function JudgeMethod(): VNode {
  const { data } = useReport();
  const { judges } = data.summary;
  const withPairs = judges.some((judge) => judge.judges === "pairs");
  const withPolicy = judges.filter(({ naPolicy }) => naPolicy !== null);
  return (
    <>
      <h2>Judges</h2>
      <p>
        A judge reads a question and an answer and gives a score on each of its aspects. Only scores are averaged: a
        reply that could not be read (unparsed), a judge that failed, and an aspect that does not apply are counted
        beside the mean and are no number in it. A reply that was not as asked for but could be read without guessing is
        repaired, and each verdict says how. An answer that was judged several times counts once, with the mean of its
        scores.
      </p>
      {withPolicy.map((judge) => (
        <p key={judge.id}>
          <JudgeName judge={judge} />: {naPolicyText(judge.naPolicy ?? "")}
        </p>
      ))}
      <dl class="definitions">
        <div>
          <dt>Interval</dt>
          <dd>
            Were the same systems asked other questions of this kind, 95 of 100 such ranges would hold the figure. It is
            found by drawing the run’s questions anew, thousands of times, with replacement. It knows nothing of a judge
            that is wrong in the same way every time.
          </dd>
        </div>
        <div>
          <dt>Difference</dt>
          <dd>
            Two systems are compared on the questions on which both have a score, question by question; what only one of
            them has is left out and counted.
          </dd>
        </div>
        <div>
          <dt>p</dt>
          <dd>
            If two systems were equally good, each question’s difference could as well have had the other sign. p is the
            share of all such changes of signs that give a difference at least as large as the one found.
          </dd>
        </div>
        <div>
          <dt>p, Holm</dt>
          <dd>
            Among many tests some small p turns up by chance. Holm’s adjustment multiplies the smallest p of all judges,
            aspects and pairs of systems by their number, the next by one less, and so on, never letting one fall below
            the one before: if no systems differed at all, the chance that any adjusted p is below 0.05 would be at most
            5 %.
          </dd>
        </div>
        {withPairs ? (
          <>
            <div>
              <dt>Inconsistent</dt>
              <dd>
                A judge of pairs reads the two answers in both orders. Where it names another answer once they have
                changed places, it judged the place and not the answer. Such a sample is neither a win nor a tie nor a
                loss: the shares are of decided samples, and the share of inconsistent ones stands beside them.
              </dd>
            </div>
            <div>
              <dt>Rating</dt>
              <dd>
                Bradley–Terry: strengths under which the wins seen are the likeliest, half a win for a tie, written on
                the Elo scale with mean 1,000. 100 points more are a win rate of 64 %. Where a system won or lost
                everything no finite strength exists, and none is shown.
              </dd>
            </div>
            <div>
              <dt>Length-controlled</dt>
              <dd>
                The win rate if both answers were equally long, from a logistic regression of the outcome on the
                difference of their lengths.
              </dd>
            </div>
          </>
        ) : null}
        <div>
          <dt>Agreement</dt>
          <dd>
            Cohen’s κ for two judges and Krippendorff’s α for any number say how far agreement goes beyond chance: 1 is
            perfect, 0 is what guessing would give. Of scores, both weigh a miss by the square of its size.
          </dd>
        </div>
      </dl>
    </>
  );
}
