import { type Dataset, type Example, type JsonObject, type Sample, UnshiftError } from "@unshift/contracts";
import { type DataFile, filesProvenance, rowsOf } from "./data-files.js";
import { type FieldOptions, type Fields, fieldsOf } from "./fields.js";
import { scalarText } from "./kind-of.js";
import { nameOf, type RowPlace, rowError } from "./row.js";
import { contentId, type RowSample, rowSample } from "./row-sample.js";
import { strayColumns } from "./stray-columns.js";
import type { TrainPart } from "./train-part.js";
import { TurnOrder } from "./turn-order.js";

/**
 * Samples of one or several files, in the order of the files and their rows. Rows are read again at each load and never held
 * together; only ids are remembered, to refuse the second of two and a turn that follows none.
 */
export class FilesDataset implements Dataset {
  readonly provenance: JsonObject;
  /** Present where a train part was named. */
  readonly examples?: (signal: AbortSignal) => AsyncGenerator<Example>;
  readonly #files: readonly DataFile[];
  readonly #fields: Fields;
  readonly #warn: (message: string) => void;
  #followed: Promise<ReadonlySet<string>> | null = null;
  #remarked = false;

  /** @param warn told once, of what is allowed and hardly meant */
  constructor(
    files: readonly DataFile[],
    fields: FieldOptions | undefined,
    train: TrainPart | null,
    warn: (message: string) => void,
  ) {
    this.#files = files;
    this.#warn = warn;
    this.#fields = fieldsOf(fields);
    this.provenance = {
      files: filesProvenance(files),
      ...(train === null ? {} : { train: { files: filesProvenance(train.files) } }),
    };
    if (train !== null) this.examples = (signal) => train.examples(this.samples(signal), signal);
  }

  async *samples(signal: AbortSignal): AsyncGenerator<Sample> {
    const places = new Map<string, RowPlace>();
    const columns = new Set<string>();
    const order = new TurnOrder(this.#fields.follows);
    this.#followed ??= this.#followedIds(signal);
    const followed = await this.#followed;
    const turnOf = new Map<string, number>();
    let empty = 0;
    let withIds: boolean | null = this.#fields.idNamed ? true : null;
    for (const file of this.#files) {
      let count = 0;
      for await (const row of rowsOf(file, signal)) {
        if (columns.size < 10_000 && typeof row.value === "object" && row.value !== null)
          for (const column of Object.keys(row.value)) columns.add(column);
        const asked = rowSample(row, this.#fields, file.format === "csv");
        withIds ??= asked.id !== null;
        if ((asked.id !== null) !== withIds) throw this.#idError(row.place, withIds);
        const id = asked.id ?? contentId(asked);
        if (asked.follows !== null) order.add(id, asked.follows, places.has(asked.follows), row.place);
        count += 1;
        const first = asked.follows === null ? 1 : (turnOf.get(asked.follows) ?? 1) + 1;
        for (const [index, sample] of samplesOf(id, asked, first, followed).entries()) {
          turnOf.set(sample.id, first + index);
          if (sample.messages.at(-1)?.content === "") empty += 1;
          const before = places.get(sample.id);
          if (before !== undefined) throw duplicate(sample.id, before, row.place, asked.id === null);
          places.set(sample.id, row.place);
          // Behind a turn that cannot be asked, rows are read on for what is to be said about it.
          if (!order.isBroken) yield sample;
        }
      }
      if (count === 0) {
        throw new UnshiftError("DATASET_EMPTY", "the file holds no sample", { where: { file: file.path } });
      }
    }
    order.check(places);
    this.#checkColumns(columns);
    if (!this.#remarked) this.#remark(columns, empty);
  }

  #remark(columns: ReadonlySet<string>, empty: number): void {
    this.#remarked = true;
    for (const { column, field } of strayColumns(columns, this.#fields)) {
      this.#warn(`the column "${column}" is not read; is "${field}" meant?`);
    }
    if (empty > 0) this.#warn(`${empty} of the samples ask with an empty text`);
  }

  /** Ids that rows go on with: the first turn of a chat cannot be told from a question by itself. */
  async #followedIds(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for (const file of this.#files) {
      for await (const { value } of rowsOf(file, signal)) {
        if (typeof value !== "object" || value === null) continue;
        const id = scalarText((value as Readonly<Record<string, unknown>>)[this.#fields.follows]);
        if (id !== null && id !== "") ids.add(id);
      }
    }
    return ids;
  }

  #checkColumns(columns: ReadonlySet<string>): void {
    const absent = this.#fields.named.find((column) => !columns.has(column));
    if (absent === undefined) return;
    throw new UnshiftError(
      "DATASET_FIELD",
      `"fields" names the column "${absent}", which no row has; there are ${[...columns].map((column) => `"${column}"`).join(", ")}`,
      {
        where: { file: this.#files[0]?.path ?? "" },
      },
    );
  }

  #idError(place: RowPlace, withIds: boolean): UnshiftError {
    const { id } = this.#fields;
    return withIds
      ? rowError("DATASET_FIELD", place, `the sample has no "${id}", but the others have`)
      : rowError("DATASET_FIELD", place, `the sample has an "${id}", but those before it have none`);
  }
}

/**
 * The first turn has the row's id; the second one `ID-2`, which follows it, and so on. A turn of a chat is tagged with its number,
 * unless its row says another.
 *
 * @param first number of the first turn in its chat, from 1
 */
function samplesOf(
  id: string,
  { follows, turns, chat }: RowSample,
  first: number,
  followed: ReadonlySet<string>,
): readonly Sample[] {
  const idOf = (index: number) => (index === 0 ? id : `${id}-${index + 1}`);
  return turns.map((turn, index) => {
    const before = index === 0 ? follows : idOf(index - 1);
    const inChat = chat || follows !== null || followed.has(idOf(index));
    const tags = inChat ? { turn: [String(first + index)], ...turn.tags } : turn.tags;
    return { id: idOf(index), ...turn, tags, ...(before === null ? {} : { follows: before }) };
  });
}

function duplicate(id: string, first: RowPlace, second: RowPlace, content: boolean): UnshiftError {
  return content
    ? rowError("DATASET_DUPLICATE_ID", second, `the same chat stands at ${nameOf(first)} already`, {
        hint: "Samples without ids are told apart by their text: give them ids, or leave one out.",
      })
    : rowError("DATASET_DUPLICATE_ID", second, `the id "${id}" stands at ${nameOf(first)} already`);
}
