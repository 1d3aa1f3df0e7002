import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type JudgeItem, type PluginContext, type Preference, UnshiftError, type Where } from "@unshift/contracts";

/** A verdict that was given elsewhere, as `unshift import --verdicts` writes it: one object a line. */
export interface RecordedVerdict {
  /** Sample id. */
  readonly id: string;
  /** System id, and that of the other answer of a pair. */
  readonly system: string;
  readonly against?: string;
  /** The model that judged. */
  readonly judge?: string;
  /** sha256 of the answers it is of, where the file held them. */
  readonly answer?: string;
  readonly againstAnswer?: string;
  readonly status: "scored" | "preferred" | "unparsed" | "pending";
  readonly scores?: Readonly<Record<string, number>>;
  readonly notApplicable?: readonly string[];
  readonly preferences?: Readonly<Record<string, Preference>>;
  /** Of both orders, where both were asked: the answer in front first. */
  readonly orders?: readonly Readonly<Record<string, Preference>>[];
  readonly rationales?: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly raw?: string;
  readonly prompt?: string;
}

/** Why there is no recorded verdict for an item, in words for people. */
type Absence = "no verdict is recorded" | "the recorded verdict is of another answer" | "it was not judged yet";

export interface RecordedVerdicts {
  readonly sha256: string;
  /** Judged, still to be judged, and the models that judged. */
  readonly judged: number;
  readonly pending: number;
  readonly judges: readonly string[];
  /** The verdict on an item; of a pair it may have been given with the two systems the other way round. */
  of(item: JudgeItem): { readonly verdict: RecordedVerdict; readonly turned: boolean } | Absence;
}

/**
 * Reads recorded verdicts.
 *
 * @param aspects those of the judge that takes them over
 * @throws DATASET_NOT_FOUND, DATASET_SYNTAX, DATASET_FIELD, DATASET_DUPLICATE_ID with file and line
 */
export async function readRecordedVerdicts(
  path: string,
  aspects: readonly string[],
  context: Pick<PluginContext, "resolvePath">,
): Promise<RecordedVerdicts> {
  const file = context.resolvePath(path);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new UnshiftError("DATASET_NOT_FOUND", "the recorded verdicts cannot be read", { where: { file }, cause });
  }
  const bySlot = new Map<string, RecordedVerdict>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const where = { file, line: index + 1 };
    const verdict = verdictOf(line, aspects, where);
    const slot = slotOf(verdict.id, verdict.system, verdict.against);
    if (bySlot.has(slot) || bySlot.has(turnedSlotOf(verdict))) {
      throw new UnshiftError("DATASET_DUPLICATE_ID", `sample ${verdict.id} of ${verdict.system} has two verdicts`, {
        where,
      });
    }
    bySlot.set(slot, verdict);
  }
  const all = [...bySlot.values()];
  const judged = all.filter(({ status }) => status !== "pending");
  return {
    sha256: createHash("sha256").update(text).digest("hex"),
    judged: judged.length,
    pending: all.length - judged.length,
    judges: [...new Set(judged.flatMap(({ judge }) => judge ?? []))].sort(),
    of: ({ sample, answer, against }) => {
      const straight = bySlot.get(slotOf(sample.id, answer.system, against?.system));
      const verdict = straight ?? bySlot.get(slotOf(sample.id, against?.system ?? "", answer.system));
      if (verdict === undefined) return "no verdict is recorded";
      if (verdict.status === "pending") return "it was not judged yet";
      const turned = straight === undefined;
      const [own, other] = turned ? [against?.text, answer.text] : [answer.text, against?.text];
      return isOf(verdict.answer, own) && isOf(verdict.againstAnswer, other)
        ? { verdict, turned }
        : "the recorded verdict is of another answer";
    },
  };
}

function isOf(sha256: string | undefined, text: string | undefined): boolean {
  return sha256 === undefined || text === undefined || createHash("sha256").update(text).digest("hex") === sha256;
}

function slotOf(id: string, system: string, against: string | undefined): string {
  return JSON.stringify([id, system, against ?? null]);
}

function turnedSlotOf({ id, system, against }: RecordedVerdict): string {
  return slotOf(id, against ?? "", system);
}

function verdictOf(line: string, aspects: readonly string[], where: Where): RecordedVerdict {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new UnshiftError("DATASET_SYNTAX", "not JSON", { where, cause, hint: "Wanted is one object a line." });
  }
  const row = (value ?? {}) as Partial<RecordedVerdict>;
  const refuse = (wanted: string) => new UnshiftError("DATASET_FIELD", `wanted is ${wanted}`, { where });
  if (typeof row.id !== "string" || typeof row.system !== "string") throw refuse("id and system, each a text");
  const told = row.status === "scored" ? row.scores : row.status === "preferred" ? row.preferences : {};
  if (row.status === undefined || !["scored", "preferred", "unparsed", "pending"].includes(row.status)) {
    throw refuse("status: scored, preferred, unparsed or pending");
  }
  if (typeof told !== "object" || told === null)
    throw refuse(`${row.status === "scored" ? "scores" : "preferences"}, an object`);
  const fits = row.status === "scored" ? isScore : isPreference;
  for (const [aspect, each] of Object.entries(told)) {
    if (!fits(each))
      throw refuse(row.status === "scored" ? "a number for every score" : "answer, against, tie or inconsistent");
    requireAspect(aspect, aspects, where);
  }
  for (const aspect of row.notApplicable ?? []) requireAspect(aspect, aspects, where);
  if (
    (row.status === "preferred") !== (row.against !== undefined) &&
    row.status !== "unparsed" &&
    row.status !== "pending"
  ) {
    throw refuse("`against` of a preference, and of a preference only");
  }
  return row as RecordedVerdict;
}

function isScore(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function isPreference(value: unknown): boolean {
  return value === "answer" || value === "against" || value === "tie" || value === "inconsistent";
}

function requireAspect(aspect: string, aspects: readonly string[], where: Where): void {
  if (aspects.includes(aspect)) return;
  throw new UnshiftError(
    "DATASET_FIELD",
    `the judge has no aspect ${JSON.stringify(aspect)}. It has ${aspects.join(", ")}`,
    { where },
  );
}
