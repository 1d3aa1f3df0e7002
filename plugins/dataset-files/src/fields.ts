/** Which columns hold what, as a user writes it. */
export interface FieldOptions {
  readonly id?: string;
  readonly instruction?: string;
  readonly messages?: string;
  readonly turns?: string;
  readonly follows?: string;
  readonly reference?: string;
  /** Tag → column, or columns that are tags by their own name. */
  readonly tags?: Readonly<Record<string, string>> | readonly string[];
}

/** The same with every default. */
export interface Fields {
  readonly id: string;
  readonly instruction: string;
  readonly messages: string;
  readonly turns: string;
  readonly follows: string;
  readonly reference: string;
  /** Column of an object of tags; null where `columns` are named instead. */
  readonly tags: string | null;
  /** Tag → column. */
  readonly tagColumns: readonly (readonly [tag: string, column: string])[];
  /** Columns the user named: each must occur in some row. */
  readonly named: readonly string[];
  readonly idNamed: boolean;
}

export function fieldsOf(options: FieldOptions = {}): Fields {
  const { tags } = options;
  const tagColumns = Array.isArray(tags)
    ? tags.map((column: string) => [column, column] as const)
    : Object.entries(tags ?? {});
  const { id, instruction, messages, turns, follows, reference } = options;
  return {
    id: id ?? "id",
    instruction: instruction ?? "instruction",
    messages: messages ?? "messages",
    turns: turns ?? "turns",
    follows: follows ?? "follows",
    reference: reference ?? "reference",
    tags: tags === undefined ? "tags" : null,
    tagColumns,
    named: [id, instruction, messages, turns, follows, reference, ...tagColumns.map(([, column]) => column)].filter(
      (column) => column !== undefined,
    ),
    idNamed: id !== undefined,
  };
}
