import { createHash, createHmac } from "node:crypto";
import { instructionOf, type VerdictRecord } from "@unshift/contracts";
import { type AssignedItem, assignment, drawOf } from "./assignment.js";
import { turnsOf } from "./chats.js";
import { isSkipped, judgementOf, ratingOf } from "./judgement.js";
import type { BlindKey, Mode, Rating, ShownAspect, ShownItem } from "./protocol.js";
import { judgeIdOf } from "./rater-name.js";
import type { RunMaterial } from "./run-material.js";

export interface DeskSettings {
  readonly mode: Mode;
  readonly aspects: readonly ShownAspect[];
  readonly seed: number;
  /** Item ids are made with it; another at every start. */
  readonly secret: string;
}

interface DeskItem extends AssignedItem {
  readonly id: string;
  /** The verdict's identity and key. */
  readonly slot: Omit<VerdictRecord, "judgement">;
  /** The verdict's system stands on the right. */
  readonly turned: boolean;
}

/** What one rater has before them: the items in their order, and what they made of each. Reads and writes no file. */
export class RaterDesk {
  private readonly items: readonly DeskItem[];
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly verdicts = new Map<string, VerdictRecord>();

  constructor(
    readonly rater: string,
    private readonly material: RunMaterial,
    private readonly settings: DeskSettings,
    stored: readonly VerdictRecord[],
  ) {
    const { mode, seed } = settings;
    this.items = assignment(mode, material.samples, drawOf(seed, rater)).map((item) => this.deskItem(item));
    this.indexOf = new Map(this.items.map(({ id }, index) => [id, index]));
    for (const verdict of stored) this.keep(verdict);
  }

  get total(): number {
    return this.items.length;
  }

  /** Counts of what is rated and skipped, and the first item that is neither. */
  counts(): { readonly rated: number; readonly skipped: number; readonly next: number } {
    const records = this.items.map((item) => this.verdictOf(item));
    const done = records.filter((record) => record !== null);
    const skipped = done.filter(({ judgement }) => isSkipped(judgement)).length;
    const open = records.indexOf(null);
    return { rated: done.length - skipped, skipped, next: open < 0 ? this.total : open };
  }

  /** null where there is no such place. */
  shown(at: number): ShownItem | null {
    const item = this.items[at];
    if (item === undefined) return null;
    const sample = this.material.sample(item.sampleId);
    const verdict = this.verdictOf(item);
    return {
      item: item.id,
      at,
      question: turnsOf(sample),
      reference: sample.reference,
      answers: item.systems.map((system) => ({
        before: this.material.chats.turnsBefore(sample, this.material.answersOf(system)),
        text: this.material.answer(system, item.sampleId).text,
      })),
      rating:
        verdict === null
          ? null
          : ratingOf(
              verdict.judgement,
              item.turned,
              this.settings.aspects.map(({ id }) => id),
            ),
    };
  }

  /** null where there is no such item. */
  placeOf(id: string): number | null {
    return this.indexOf.get(id) ?? null;
  }

  /** The record a rating would be kept as; null where the same is kept already. */
  verdictFor(at: number, rating: Rating): VerdictRecord | null {
    const item = this.items[at];
    if (item === undefined) return null;
    const record = { ...item.slot, judgement: judgementOf(rating, item.turned) };
    const kept = this.verdictOf(item);
    return kept !== null && JSON.stringify(kept.judgement) === JSON.stringify(record.judgement) ? null : record;
  }

  keep(record: VerdictRecord): void {
    this.verdicts.set(slotName(record), record);
  }

  /** Which system was which, and what that makes of the ratings. Only for a rater who has ended. */
  blindKey(): BlindKey {
    const preferences = new Map<
      string,
      { aspect: string; one: string; other: string; preferredOne: number; preferredOther: number; ties: number }
    >();
    const scores = new Map<string, { system: string; aspect: string; n: number; sum: number }>();
    for (const item of this.items) {
      const verdict = this.verdictOf(item);
      if (verdict?.judgement.status === "preferred") {
        for (const [aspect, preference] of Object.entries(verdict.judgement.preferences)) {
          const { system: one, against: other = "" } = verdict;
          const name = JSON.stringify([aspect, one, other]);
          const row = preferences.get(name) ?? { aspect, one, other, preferredOne: 0, preferredOther: 0, ties: 0 };
          row[preference === "answer" ? "preferredOne" : preference === "against" ? "preferredOther" : "ties"] += 1;
          preferences.set(name, row);
        }
      } else if (verdict?.judgement.status === "scored") {
        for (const [aspect, score] of Object.entries(verdict.judgement.scores)) {
          const name = JSON.stringify([verdict.system, aspect]);
          const row = scores.get(name) ?? { system: verdict.system, aspect, n: 0, sum: 0 };
          scores.set(name, { ...row, n: row.n + 1, sum: row.sum + score });
        }
      }
    }
    return {
      items: this.items.map(({ sampleId, systems }) => ({
        question: instructionOf(this.material.sample(sampleId)).slice(0, 200),
        systems: [...systems],
      })),
      preferences: [...preferences.values()],
      scores: [...scores.values()].map(({ system, aspect, n, sum }) => ({ system, aspect, n, mean: sum / n })),
    };
  }

  private verdictOf(item: DeskItem): VerdictRecord | null {
    const record = this.verdicts.get(slotName(item.slot));
    // What was said of another answer, or by other aspects, does not count for this one.
    return record?.key === item.slot.key ? record : null;
  }

  private deskItem(item: AssignedItem): DeskItem {
    const { mode, aspects, secret } = this.settings;
    const [system = "", against] = this.material.inOrder(item.systems);
    const answers = [system, ...(against === undefined ? [] : [against])].map((id) => {
      const { key, text } = this.material.answer(id, item.sampleId);
      return [key, text];
    });
    const scales = aspects.map(({ id, min, max }) => [id, min, max]);
    const key = createHash("sha256")
      .update(JSON.stringify(["human verdict", mode, scales, answers, this.material.sample(item.sampleId)]))
      .digest("hex")
      .slice(0, 40);
    const itemKey = this.material.itemKey(system, against, item.sampleId);
    const slot = {
      key,
      ...(itemKey === null ? {} : { itemKey }),
      judge: judgeIdOf(this.rater),
      system,
      sampleId: item.sampleId,
      ...(against === undefined ? {} : { against }),
    };
    const id = createHmac("sha256", secret).update(slotName(slot)).digest("hex").slice(0, 24);
    return { ...item, id, slot, turned: item.systems[0] !== system };
  }
}

function slotName({
  judge,
  system,
  against,
  sampleId,
}: Pick<VerdictRecord, "judge" | "system" | "against" | "sampleId">): string {
  return JSON.stringify([judge, system, against ?? null, sampleId]);
}
