import { createHash } from "node:crypto";
import type { AnswerRecord } from "../answer.js";
import type { VerdictRecord } from "../judge.js";
import type { Sample } from "../sample.js";

/**
 * Names what verdicts are about: a sample and one or two systems' answers to it, with the chats before them. A verdict holds the name
 * ({@link VerdictRecord.itemKey}), so that one about an answer or a question that changed since is known for that.
 */
export class JudgedItems {
  private readonly samples: ReadonlyMap<string, Sample>;
  private readonly answers = new Map<string, AnswerRecord>();
  /** A system's part of many pairs is the same. */
  private readonly sides = new Map<string, string | null>();

  constructor(samples: readonly Sample[], answers: readonly AnswerRecord[]) {
    this.samples = new Map(samples.map((sample) => [sample.id, sample]));
    for (const answer of answers) this.answers.set(placeOf(answer.system, answer.sampleId), answer);
  }

  /** 40 hex digits; null where the sample or an answer, or one of an earlier turn, is not there. */
  keyOf({ system, against, sampleId }: Pick<VerdictRecord, "system" | "against" | "sampleId">): string | null {
    const sides = (against === undefined ? [system] : [system, against]).map((each) => this.side(each, sampleId));
    return sides.includes(null) ? null : hashOf(sides);
  }

  private side(system: string, sampleId: string): string | null {
    const place = placeOf(system, sampleId);
    let side = this.sides.get(place);
    if (side === undefined) {
      const turns = this.turnsOf(system, sampleId);
      side = turns === null ? null : hashOf(turns);
      this.sides.set(place, side);
    }
    return side;
  }

  /** The sample and those before it in the chat, the last turn first, each with the system's answer. */
  private turnsOf(system: string, sampleId: string): unknown[] | null {
    const turns: unknown[] = [];
    const seen = new Set<string>();
    for (let at: string | undefined = sampleId; at !== undefined && !seen.has(at); ) {
      seen.add(at);
      const sample = this.samples.get(at);
      const answer = this.answers.get(placeOf(system, at));
      if (sample === undefined || answer?.status !== "answered") return null;
      turns.push([factsOf(sample), answer.key, answer.text]);
      at = sample.follows;
    }
    return turns;
  }
}

/** All that a judge sees of a sample, in an order that no dataset decides. */
function factsOf({ id, messages, follows, reference, tags }: Sample): unknown {
  const named = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return [id, messages.map(({ role, content }) => [role, content]), follows ?? null, reference, named];
}

function placeOf(system: string, sampleId: string): string {
  return JSON.stringify([system, sampleId]);
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 40);
}
