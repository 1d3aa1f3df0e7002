import { type Message, type Sample, UnshiftError } from "@unshift/contracts";
import { turnId } from "../turn-id.js";
import { justEvalSample } from "./just-eval.js";
import { readRows } from "./read-rows.js";
import { instructionSample } from "./released-row.js";
import { fieldError, nameOf, type Row, type RowPlace, rowError } from "./row.js";
import { has, idOf, oneOf, saying, tagsOf, textOf, textsOf } from "./row-fields.js";

/** Questions from a file of their own, for answers that do not hold them or hold no tags. */
export class Questions {
  readonly #samples = new Map<string, Sample>();
  readonly #turns = new Map<string, readonly Sample[]>();

  /**
   * MT-bench's `{ question_id, category, turns, reference? }` (each turn becomes a sample, tagged with its number), just-eval-instruct's rows, or `{ id, instruction, reference?, tags?,
   * follows? }`, which is what `import` writes; with `messages` in place of the instruction, which is what a run folder's
   * samples.jsonl holds.
   *
   * @throws DATASET_SYNTAX, DATASET_FIELD, DATASET_DUPLICATE_ID, DATASET_EMPTY, DATASET_NOT_FOUND, ABORTED
   */
  static async read(file: string, signal: AbortSignal): Promise<Questions> {
    const questions = new Questions();
    const places = new Map<string, RowPlace>();
    for await (const row of readRows(file, signal)) {
      const turns = samplesOf(row);
      for (const sample of turns) {
        const first = places.get(sample.id);
        if (first !== undefined) {
          throw rowError(row.place, `the id ${JSON.stringify(sample.id)} stands at ${nameOf(first)} already`, {
            code: "DATASET_DUPLICATE_ID",
          });
        }
        if (sample.follows !== undefined && !questions.#samples.has(sample.follows) && turns[0] === sample) {
          throw rowError(row.place, `"follows" names ${JSON.stringify(sample.follows)}, which no question before has`);
        }
        places.set(sample.id, row.place);
        questions.#samples.set(sample.id, sample);
      }
      const [root] = turns;
      if (root !== undefined) questions.#file(root, turns);
    }
    return questions;
  }

  #file(root: Sample, turns: readonly Sample[]): void {
    if (root.follows === undefined) {
      this.#turns.set(root.id, turns);
      return;
    }
    // A row that follows another is the next turn of the question that row belongs to.
    const [first] = this.chatTo(root.id) ?? [];
    const before = first === undefined ? undefined : this.#turns.get(first.id);
    if (first !== undefined && before?.at(-1)?.id === root.follows) this.#turns.set(first.id, [...before, root]);
  }

  /** All turns of a question. */
  turns(id: string): readonly Sample[] | null {
    return this.#turns.get(id) ?? null;
  }

  sample(id: string): Sample | null {
    return this.#samples.get(id) ?? null;
  }

  /** A sample behind those it follows. */
  chatTo(id: string): readonly Sample[] | null {
    const chat: Sample[] = [];
    for (let sample = this.sample(id); sample !== null; ) {
      chat.unshift(sample);
      sample = sample.follows === undefined ? null : this.sample(sample.follows);
    }
    return chat.length === 0 ? null : chat;
  }

  get size(): number {
    return this.#samples.size;
  }
}

const roles = ["system", "user", "assistant"] as const;

const instructions = ["instruction", "question", "prompt", "input"] as const;

function samplesOf(row: Row): readonly Sample[] {
  if ("turns" in row.fields) return turnsOf(row);
  if ("source_id" in row.fields || "category" in row.fields) return [justEvalSample(row)];
  if (has(row, "messages") && oneOf(row, instructions) === null) return [chatSample(row)];
  const field = oneOf(row, instructions);
  if (field === null) {
    throw new UnshiftError("IMPORT_FORMAT", `row ${row.place.row} holds no question`, {
      where: { file: row.place.file, line: row.place.line },
      hint: `Wanted is "turns", "messages", or one of ${instructions.map((name) => JSON.stringify(name)).join(", ")}.`,
    });
  }
  return [
    following(
      row,
      instructionSample(idOf(row, "id"), textOf(row, field), {
        reference: saying(textsOf(row, "reference")),
        tags: tagObject(row),
      }),
    ),
  ];
}

function following(row: Row, sample: Sample): Sample {
  return has(row, "follows") ? { ...sample, follows: idOf(row, "follows") } : sample;
}

/** A sample as a run folder keeps it: its messages, the last one the user's. */
function chatSample(row: Row): Sample {
  const wanted = "a list of { role, content }, the last one the user's";
  const given = row.fields.messages;
  if (!Array.isArray(given)) throw fieldError(row, "messages", wanted);
  const messages = given.map((each: unknown): Message => {
    const message = typeof each === "object" && each !== null ? each : {};
    const { role, content } = message as { readonly role?: unknown; readonly content?: unknown };
    const known = roles.find((name) => name === role);
    if (known === undefined || typeof content !== "string") throw fieldError(row, "messages", wanted);
    return { role: known, content };
  });
  if (messages.at(-1)?.role !== "user") throw fieldError(row, "messages", wanted);
  return following(row, {
    id: idOf(row, "id"),
    messages,
    reference: saying(textsOf(row, "reference")),
    tags: tagObject(row),
  });
}

function turnsOf(row: Row): readonly Sample[] {
  const id = idOf(row, "question_id" in row.fields ? "question_id" : "id");
  const tags = { ...tagObject(row), ...tagsOf(row, { category: "category" }) };
  const references = textsOf(row, "reference");
  const turns = textsOf(row, "turns");
  if (turns.length === 0) throw fieldError(row, "turns", "a list of one text or more");
  return turns.map((text, at) => ({
    ...instructionSample(turnId(id, at + 1), text, {
      reference: saying(references.slice(at, at + 1)),
      tags: { ...tags, turn: [String(at + 1)] },
    }),
    ...(at === 0 ? {} : { follows: turnId(id, at) }),
  }));
}

function tagObject(row: Row): Sample["tags"] {
  if (!has(row, "tags")) return {};
  const value = row.fields.tags;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fieldError(row, "tags", 'an object of tags: { "topic": ["nature"] }');
  }
  const tags: Row = { fields: value as Row["fields"], place: row.place };
  return tagsOf(tags, Object.fromEntries(Object.keys(value).map((tag) => [tag, tag])));
}
