import { tableRows } from "@unshift/analysis";
import type { Table } from "@unshift/contracts";

/** How often one system's answers were preferred to another's; shares 0–1 of the samples decided. */
export interface PairFigures {
  readonly judge: string;
  readonly aspect: string;
  readonly system: string;
  readonly against: string;
  /** Samples decided: wins, ties and losses. */
  readonly n: number;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** Samples on which the preference changed with the order; in none of the others. */
  readonly inconsistent: number;
  /** Wins and half the ties; null where nothing was decided. */
  readonly winRate: number | null;
  readonly winRateCi: readonly [number, number] | null;
}

/** What the judges of pairs came to, from the table of preferences. */
export function pairFigures(tables: readonly Table[]): readonly PairFigures[] {
  return tableRows(tables, "preferences").map((row) => {
    const [low, high] = [row.win_rate_low, row.win_rate_high];
    return {
      judge: String(row.judge),
      aspect: String(row.aspect),
      system: String(row.system),
      against: String(row.against),
      n: Number(row.n),
      wins: Number(row.wins),
      ties: Number(row.ties),
      losses: Number(row.losses),
      inconsistent: Number(row.inconsistent),
      winRate: typeof row.win_rate === "number" ? row.win_rate : null,
      winRateCi: typeof low === "number" && typeof high === "number" ? [low, high] : null,
    };
  });
}
