import type { Table } from "@unshift/contracts";
import type { AnalysisInput } from "@unshift/contracts/services";
import { comparedSystems } from "./judges/compared-systems.js";
import { openJudges } from "./judges/judged.js";
import { scoreSystems } from "./judges/score-systems.js";
import { conversationsOf } from "./positions/conversations.js";
import { judgeAgreement } from "./tables/judge-agreement.js";
import { judgeConsistency } from "./tables/judge-consistency.js";
import { preferencesTable } from "./tables/preferences.js";
import { ratingsTable } from "./tables/ratings.js";
import { scoreAveragesTable } from "./tables/score-averages.js";
import { scoreComparisons } from "./tables/score-comparisons.js";
import { scoresTable } from "./tables/scores.js";
import { scoresByTag } from "./tables/scores-by-tag.js";
import { systemsTable } from "./tables/systems.js";
import { winRatesTable } from "./tables/win-rates.js";

/** What tables need that are about systems and judges alone. */
export interface SystemTablesInput extends Omit<AnalysisInput, "shifts"> {
  /**
   * Of systems that gave the very same answers (a baseline in several runs): their names → the one by which ratings know them, so
   * that what was compared with either is linked.
   */
  readonly same?: ReadonlyMap<string, string>;
}

/**
 * Every table that needs no shift: the systems, and what judges said of them (without verdicts those have no rows). Seeds of scores go
 * by judge and aspect, so a system's scores do not hang on its name nor on the systems beside it.
 */
export function systemTables(input: SystemTablesInput): Table[] {
  const { samples, answers, systems, seed } = input;
  const judges = openJudges(input);
  const scored = scoreSystems(judges.scoring, systems, seed);
  const compared = comparedSystems(judges.pairs, systems);
  return [
    systemsTable(answers, scored, systems, conversationsOf(samples), seed),
    scoresTable(scored),
    scoreAveragesTable(scored),
    scoresByTag(judges.scoring, samples, systems, seed),
    scoreComparisons(judges.scoring, systems, seed),
    preferencesTable(compared, seed),
    winRatesTable(compared, systems, seed),
    ratedTogether(input) ?? ratingsTable(compared, systems, seed),
    judgeConsistency(judges, seed),
    judgeAgreement(judges, seed),
  ];
}

/** Ratings with those systems as one that are the same; null where none are. */
function ratedTogether(input: SystemTablesInput): Table | null {
  const { same, seed } = input;
  if (same === undefined || same.size === 0) return null;
  const named = (system: string): string => same.get(system) ?? system;
  const systems = [...new Set(input.systems.map(named))];
  const verdicts = input.verdicts.map(({ against, ...verdict }) => ({
    ...verdict,
    system: named(verdict.system),
    ...(against === undefined ? {} : { against: named(against) }),
  }));
  const answers = input.answers.map((answer) => ({ ...answer, system: named(answer.system) }));
  const { pairs } = openJudges({ ...input, systems, verdicts, answers });
  return ratingsTable(comparedSystems(pairs, systems), systems, seed);
}
