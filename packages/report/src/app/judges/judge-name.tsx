import type { VNode } from "preact";
import type { JudgeHead } from "../../payload/format.js";

/** A judge by its name; a person is said to be one. */
export function JudgeName({ judge }: { readonly judge: JudgeHead | undefined }): VNode {
  if (judge === undefined) return <span class="judge">an unknown judge</span>;
  return judge.person === null ? (
    <bdi class="judge">{judge.id}</bdi>
  ) : (
    <span class="judge person">
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <circle cx="6" cy="3.4" r="2.4" />
        <path d="M1.2 11.4a4.8 4.8 0 0 1 9.6 0Z" />
      </svg>
      <bdi>{judge.person}</bdi> <span class="kind">a person</span>
    </span>
  );
}

/** The same where only text can stand. */
export function judgeText({ id, person }: JudgeHead): string {
  return person === null ? id : `${person} (a person)`;
}
