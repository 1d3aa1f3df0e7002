import { type FileHandle, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import type { ReadVerdict, ReleasedVerdict, VerdictFormat } from "@unshift/formats";
import { systemIds } from "./system-ids.js";
import { type RecordedUse, recordedUse, verdictRow } from "./verdict-rows.js";

/** The verdicts of one judge, as they were written. */
export interface RecordedJudge {
  readonly id: string;
  readonly use: RecordedUse;
  /** In the folder. */
  readonly file: string;
  /** Aspects that occur, in the order in which they do, and the highest score. */
  readonly aspects: readonly string[];
  readonly highest: number;
  /** Pairs of systems, of a judge of pairs. */
  readonly pairs: readonly (readonly [string, string])[];
  readonly judged: number;
  readonly pending: number;
  /** Preferences that were a weight between the two, taken as the choice it leans to. */
  readonly weighed: number;
}

interface Group {
  readonly judge: string;
  readonly use: RecordedUse;
  readonly name: string;
  readonly handle: FileHandle;
  readonly slots: Set<string>;
  readonly aspects: Set<string>;
  readonly pairs: Map<string, readonly [string, string]>;
  highest: number;
  judged: number;
  pending: number;
  weighed: number;
}

/** A file of verdicts for each judge, written while they are read. */
export class VerdictFiles {
  readonly #folder: string;
  readonly #idOf: (generator: string) => string;
  readonly #groups = new Map<string, Group>();

  /** @param idOf generator → system id */
  constructor(folder: string, idOf: (generator: string) => string) {
    this.#folder = folder;
    this.#idOf = idOf;
  }

  /** @throws DATASET_DUPLICATE_ID where the judge judged the same already */
  async write(format: VerdictFormat, { place, verdict }: ReadVerdict): Promise<void> {
    const group = await this.#group(verdict.judge ?? "judge", recordedUse(format, verdict));
    const { sampleId, system, against } = verdict;
    const sides = against === undefined ? [system] : [system, against];
    const slot = JSON.stringify([sampleId, ...sides.toSorted()]);
    if (group.slots.has(slot)) {
      throw new UnshiftError(
        "DATASET_DUPLICATE_ID",
        `row ${place.row}: ${group.judge} judged sample ${sampleId} of ${sides.join(" and ")} before`,
        { where: { file: place.file, line: place.line }, hint: "Import one of the two files only." },
      );
    }
    group.slots.add(slot);
    this.#count(group, verdict);
    await group.handle.writeFile(verdictRow(verdict, this.#idOf));
  }

  /** Gives the files their names: these hang on all judges, so they are known at the end. */
  async finish(): Promise<readonly RecordedJudge[]> {
    const groups = [...this.#groups.values()];
    const byJudge = systemIds([...new Set(groups.map(({ judge }) => judge))]);
    const judges: RecordedJudge[] = [];
    for (const { judge, use, name, handle, aspects, pairs, highest, judged, pending, weighed } of groups) {
      const several = groups.filter((other) => other.judge === judge).length > 1;
      const id = `${byJudge.get(judge) ?? judge}${several ? `-${use}` : ""}`;
      const file = `${id}.verdicts.jsonl`;
      await handle.close();
      await rename(join(this.#folder, name), join(this.#folder, file));
      judges.push({
        id,
        use,
        file,
        aspects: [...aspects],
        highest,
        pairs: [...pairs.values()],
        judged,
        pending,
        weighed,
      });
    }
    this.#groups.clear();
    return judges;
  }

  /** Closes what a fault left open. */
  async close(): Promise<void> {
    await Promise.all([...this.#groups.values()].map(({ handle }) => handle.close()));
    this.#groups.clear();
  }

  async #group(judge: string, use: RecordedUse): Promise<Group> {
    const key = JSON.stringify([judge, use]);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const name = `.${this.#groups.size + 1}.verdicts`;
    const group: Group = {
      judge,
      use,
      name,
      handle: await open(join(this.#folder, name), "wx"),
      slots: new Set(),
      aspects: new Set(),
      pairs: new Map(),
      highest: 0,
      judged: 0,
      pending: 0,
      weighed: 0,
    };
    this.#groups.set(key, group);
    return group;
  }

  #count(group: Group, { outcome, system, against }: ReleasedVerdict): void {
    if (against !== undefined) {
      const pair = [this.#idOf(system), this.#idOf(against)] as const;
      const key = JSON.stringify(pair.toSorted());
      if (!group.pairs.has(key)) group.pairs.set(key, pair);
    }
    if (outcome.status === "pending") group.pending += 1;
    else group.judged += 1;
    if (outcome.status === "scored") {
      for (const aspect of [...Object.keys(outcome.scores), ...outcome.notApplicable]) group.aspects.add(aspect);
      group.highest = Math.max(group.highest, ...Object.values(outcome.scores));
    }
    if (outcome.status === "preferred") {
      for (const aspect of Object.keys(outcome.preferences)) group.aspects.add(aspect);
      if (outcome.weight !== undefined) group.weighed += 1;
    }
  }
}
