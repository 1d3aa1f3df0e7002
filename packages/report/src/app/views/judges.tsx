import type { VNode } from "preact";
import { JudgeProfile } from "../judges/judge-profile.js";
import { JudgeTrust } from "../judges/judge-trust.js";
import { PreferenceBars } from "../judges/preference-bars.js";
import { Ratings } from "../judges/ratings.js";
import { ScoreDifferences } from "../judges/score-differences.js";
import { ScoresByTag } from "../judges/scores-by-tag.js";
import { useReport } from "../state/report-context.js";
import { href } from "../state/route.js";

/** All that judges said, as figures: by system, by two systems, by kind of sample, and how far the judges can be relied on. */
export function JudgesView(): VNode {
  const { data, subject } = useReport();
  const { judges } = data.summary;
  if (judges.length === 0) {
    return (
      <section class="page">
        <h1>Judges</h1>
        <p class="note">This run has no verdict.</p>
      </section>
    );
  }
  const scores = data.table("scores");
  const differences = data.table("score_comparisons");
  const tags = data.table("scores_by_tag");
  const preferences = data.table("preferences");
  const ratings = data.table("ratings");
  return (
    <section class="page judges">
      <h1>Judges</h1>
      <p class="muted">
        What every figure means stands under <a href={href("method", { subject })}>Method</a>; the verdicts themselves
        stand beside the answers of each sample.
      </p>
      {judges.map((judge) =>
        judge.judges === "answers" ? (
          <div class="of-judge" key={judge.id}>
            {scores === null ? null : <JudgeProfile judge={judge} view={scores} />}
            {differences === null ? null : <ScoreDifferences judge={judge} view={differences} />}
            {tags === null ? null : <ScoresByTag judge={judge} view={tags} />}
          </div>
        ) : (
          <div class="of-judge" key={judge.id}>
            {preferences === null ? null : <PreferenceBars judge={judge} view={preferences} />}
            {ratings === null ? null : <Ratings judge={judge} view={ratings} />}
          </div>
        ),
      )}
      <JudgeTrust />
    </section>
  );
}
