/** A column of `positions/part-*.parquet`. */
export interface PositionColumn {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: "VARCHAR" | "INTEGER" | "DOUBLE" | "INTEGER[]" | "DOUBLE[]";
  readonly unit: string | null;
  readonly meaning: string;
}

function column<Name extends string>(
  name: Name,
  type: PositionColumn["type"],
  unit: string | null,
  meaning: string,
): PositionColumn & { readonly name: Name } {
  return { name, type, unit, meaning };
}

/** Every column of a part, in the order of the file. One row is one position of one answer in one shift. */
export const positionColumns = [
  column("item_key", "VARCHAR", null, "hash of everything that changes the item's numbers"),
  column("shift", "VARCHAR", null, "id of the shift: answers→subject"),
  column("sample_id", "VARCHAR", null, "id of the sample in its dataset"),
  column("position", "INTEGER", "tokens", "0-based place in the answer"),
  column("length", "INTEGER", "tokens", "length of the answer the row is of"),
  column("token_id", "INTEGER", null, "id of the answer's token"),
  column("token", "VARCHAR", null, "text of the answer's token"),
  column("reference_logprob", "DOUBLE", "nats", "log-probability of the token under the reference"),
  column("subject_logprob", "DOUBLE", "nats", "log-probability of the token under the subject"),
  column("reference_rank", "INTEGER", "rank", "1 + ids the reference prefers strictly, full vocabulary"),
  column("subject_rank", "INTEGER", "rank", "1 + ids the subject prefers strictly, full vocabulary"),
  column("shift_class", "VARCHAR", null, "unshifted (subject_rank 1), marginal (2 or 3) or shifted (above 3)"),
  column("kl_reference_subject", "DOUBLE", "nats", "KL(reference ‖ subject), full vocabulary"),
  column("kl_subject_reference", "DOUBLE", "nats", "KL(subject ‖ reference), full vocabulary"),
  column("js", "DOUBLE", "nats", "Jensen-Shannon divergence, full vocabulary"),
  column("tv", "DOUBLE", "share", "total variation distance, 0 to 1, full vocabulary"),
  column("reference_entropy", "DOUBLE", "nats", "entropy of the reference's distribution"),
  column("subject_entropy", "DOUBLE", "nats", "entropy of the subject's distribution"),
  column("reference_top_ids", "INTEGER[]", null, "ids the reference prefers, best first"),
  column("reference_top_logprobs", "DOUBLE[]", "nats", "their log-probabilities under the reference"),
  column("subject_top_ids", "INTEGER[]", null, "ids the subject prefers, best first"),
  column("subject_top_logprobs", "DOUBLE[]", "nats", "their log-probabilities under the subject"),
  column(
    "reference_dropped_mass",
    "DOUBLE",
    "share",
    "reference's mass on ids only its vocabulary has; null: identical vocabularies",
  ),
  column(
    "subject_dropped_mass",
    "DOUBLE",
    "share",
    "subject's mass on ids only its vocabulary has; null: identical vocabularies",
  ),
] as const satisfies readonly PositionColumn[];

export type PositionColumnName = (typeof positionColumns)[number]["name"];
