import type { Preference, VerdictRecord } from "@unshift/contracts";
import type { BlockWriter } from "./block-writer.js";
import {
  type JudgeHead,
  rawLength,
  type ScoreColumn,
  type VerdictColumns,
  type VerdictDetail,
  verdictStates,
} from "./format.js";

const turned = { answer: "against", against: "answer", tie: "tie", inconsistent: "inconsistent" } as const;

interface Scores {
  readonly judge: number;
  readonly aspect: number;
  readonly system: number;
  /** By sample. */
  readonly sums: Float64Array;
  readonly counts: Uint16Array;
}

/** Verdicts by judge's and system's place: what the page shows of one, and the columns that the list of samples filters by. */
export class VerdictIndex {
  readonly #judges: ReadonlyMap<string, number>;
  readonly #systems: ReadonlyMap<string, number>;
  readonly #aspects: readonly ReadonlyMap<string, number>[];
  readonly #samples: number;
  readonly #scores = new Map<string, Scores>();
  readonly #states = new Map<number, Uint8Array>();

  constructor(judges: readonly JudgeHead[], systems: readonly string[], samples: number) {
    this.#judges = new Map(judges.map(({ id }, index) => [id, index]));
    this.#systems = new Map(systems.map((id, index) => [id, index]));
    this.#aspects = judges.map(({ aspects }) => new Map(aspects.map(({ id }, index) => [id, index])));
    this.#samples = samples;
  }

  /** Counts the verdicts of one sample. */
  add(sample: number, verdicts: readonly VerdictRecord[]): void {
    for (const { judge: id, system: name, judgement } of verdicts) {
      const judge = this.#judges.get(id) ?? -1;
      const system = this.#systems.get(name) ?? -1;
      if (judge < 0 || system < 0) continue;
      const states = this.#states.get(judge) ?? new Uint8Array(this.#samples);
      this.#states.set(judge, states);
      states[sample] = (states[sample] ?? 0) | stateOf(judgement);
      if (judgement.status !== "scored") continue;
      for (const [aspect, score] of Object.entries(judgement.scores)) {
        this.#note(judge, this.#aspects[judge]?.get(aspect) ?? -1, system, sample, score);
      }
    }
  }

  columns(writer: BlockWriter): VerdictColumns {
    const order = (a: Scores, b: Scores): number => a.judge - b.judge || a.aspect - b.aspect || a.system - b.system;
    return {
      scores: [...this.#scores.values()].sort(order).map(
        ({ judge, aspect, system, sums, counts }): ScoreColumn => ({
          judge,
          aspect,
          system,
          values: writer.column(
            "f32",
            sums.map((sum, sample) => sum / (counts[sample] ?? 0)),
          ),
        }),
      ),
      states: [...this.#states]
        .sort(([a], [b]) => a - b)
        .map(([judge, values]) => ({ judge, values: writer.column("u8", values) })),
    };
  }

  /** What the page shows of a verdict. Of a pair the system that stands first in the run comes first. */
  detail({ judge, system, against, repeat, judgement }: VerdictRecord): VerdictDetail {
    const isTurned = against !== undefined && (this.#systems.get(against) ?? 0) < (this.#systems.get(system) ?? 0);
    const preferences = judgement.status === "preferred" ? judgement.preferences : {};
    return {
      judge: this.#judges.get(judge) ?? -1,
      system: isTurned ? against : system,
      against: isTurned ? system : (against ?? null),
      repeat: repeat ?? 1,
      status: judgement.status,
      scores: judgement.status === "scored" ? judgement.scores : {},
      preferences: isTurned
        ? Object.fromEntries(
            Object.entries(preferences).map(([aspect, which]): [string, Preference] => [aspect, turned[which]]),
          )
        : preferences,
      notApplicable: judgement.status === "scored" ? (judgement.notApplicable ?? []) : [],
      repairs: "repairs" in judgement ? (judgement.repairs ?? []) : [],
      why: "reason" in judgement ? judgement.reason : (judgement.rationale ?? null),
      raw: judgement.status === "unparsed" ? judgement.raw.slice(0, rawLength) : null,
    };
  }

  #note(judge: number, aspect: number, system: number, sample: number, score: number): void {
    const key = `${judge} ${aspect} ${system}`;
    const scores = this.#scores.get(key) ?? {
      judge,
      aspect,
      system,
      sums: new Float64Array(this.#samples),
      counts: new Uint16Array(this.#samples),
    };
    this.#scores.set(key, scores);
    scores.sums[sample] = (scores.sums[sample] ?? 0) + score;
    scores.counts[sample] = (scores.counts[sample] ?? 0) + 1;
  }
}

function stateOf(judgement: VerdictRecord["judgement"]): number {
  let state: number = verdictStates[judgement.status];
  if ("repairs" in judgement && (judgement.repairs?.length ?? 0) > 0) state |= verdictStates.repaired;
  if (judgement.status === "preferred" && Object.values(judgement.preferences).includes("inconsistent"))
    state |= verdictStates.inconsistent;
  return state;
}
