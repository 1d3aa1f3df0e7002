import { type AnswerRecord, type Message, type Sample, UnshiftError, type Where } from "@unshift/contracts";

/** The samples of a run as chats: a sample that `follows` another continues it with the system's own answer. */
export class Conversations {
  private readonly byId: ReadonlyMap<string, Sample>;

  constructor(private readonly samples: readonly Sample[]) {
    this.byId = new Map(samples.map((sample) => [sample.id, sample]));
  }

  /** Samples by turn: those that follow none, those that follow one of these, and so on. Each in the order of the samples. */
  turns(): readonly (readonly Sample[])[] {
    const turns: Sample[][] = [];
    for (const sample of this.samples) {
      const depth = this.before(sample).length;
      const turn = turns[depth] ?? [];
      turn.push(sample);
      turns[depth] = turn;
    }
    return Array.from(turns, (turn) => turn ?? []);
  }

  /**
   * The sample with the whole chat before it, as the system of `answers` had it. Throws TURN_UNANSWERED where an earlier turn has
   * no answer.
   */
  chat(sample: Sample, answers: ReadonlyMap<string, AnswerRecord>): Sample {
    const earlier = this.earlier(sample, answers);
    return earlier.length === 0 ? sample : { ...sample, messages: [...earlier, ...sample.messages] };
  }

  /** The chat before a sample, as the system of `answers` had it; empty for a first turn. Throws TURN_UNANSWERED. */
  earlier(sample: Sample, answers: ReadonlyMap<string, AnswerRecord>): Message[] {
    const messages: Message[] = [];
    for (const turn of this.before(sample)) {
      const answer = answers.get(turn.id);
      if (answer?.status !== "answered") {
        const why = answer === undefined ? "it was not answered yet" : answer.reason.message;
        throw new UnshiftError(
          "TURN_UNANSWERED",
          `sample ${JSON.stringify(sample.id)} continues ${JSON.stringify(turn.id)}, which has no answer: ${why}`,
        );
      }
      messages.push(...turn.messages, { role: "assistant", content: answer.text });
    }
    return messages;
  }

  /** The samples a sample continues, the first one first. */
  private before(sample: Sample): Sample[] {
    const earlier: Sample[] = [];
    let at = sample.follows;
    while (at !== undefined) {
      const turn = this.byId.get(at);
      if (turn === undefined) {
        throw new UnshiftError(
          "INTERNAL",
          `sample ${JSON.stringify(sample.id)} continues ${JSON.stringify(at)}, which is not of the run`,
        );
      }
      earlier.unshift(turn);
      at = turn.follows;
    }
    return earlier;
  }
}

/** Refuses a sample that continues one that is not there, or in the end itself. Throws DATASET_FIELD. */
export function checkFollows(samples: readonly Sample[], where: Where): void {
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  for (const sample of samples) {
    const seen = new Set([sample.id]);
    let at: Sample = sample;
    while (at.follows !== undefined) {
      const next = byId.get(at.follows);
      if (next === undefined || seen.has(next.id)) {
        const fault =
          next === undefined
            ? "which the dataset does not hold"
            : "and so in the end itself: a chat cannot go in a circle";
        throw new UnshiftError(
          "DATASET_FIELD",
          `sample ${JSON.stringify(at.id)} follows ${JSON.stringify(at.follows)}, ${fault}`,
          { where },
        );
      }
      seen.add(next.id);
      at = next;
    }
  }
}
