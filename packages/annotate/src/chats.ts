import type { AnsweredRecord, Sample } from "@unshift/contracts";
import type { ShownTurn } from "./protocol.js";

/** The samples of a run as chats, for people. */
export class Chats {
  private readonly byId: ReadonlyMap<string, Sample>;

  constructor(samples: readonly Sample[]) {
    this.byId = new Map(samples.map((sample) => [sample.id, sample]));
  }

  /** Id of the sample a chat begins with. */
  rootOf(sample: Sample): string {
    return this.before(sample)[0]?.id ?? sample.id;
  }

  /** The turns before a sample with a system's own answers to them. */
  turnsBefore(sample: Sample, answers: ReadonlyMap<string, AnsweredRecord>): ShownTurn[] {
    return this.before(sample).flatMap((turn): ShownTurn[] => {
      const answer = answers.get(turn.id);
      return [...turnsOf(turn), ...(answer === undefined ? [] : [{ role: "assistant" as const, text: answer.text }])];
    });
  }

  private before(sample: Sample): Sample[] {
    const earlier: Sample[] = [];
    const seen = new Set([sample.id]);
    let at = sample.follows;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      const turn = this.byId.get(at);
      if (turn === undefined) break;
      earlier.unshift(turn);
      at = turn.follows;
    }
    return earlier;
  }
}

/** A sample's own messages. */
export function turnsOf({ messages }: Sample): ShownTurn[] {
  return messages.map(({ role, content }) => ({ role, text: content }));
}
