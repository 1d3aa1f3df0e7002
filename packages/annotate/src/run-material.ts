import { type AnsweredRecord, type Sample, UnshiftError } from "@unshift/contracts";
import { JudgedItems, type RunStore } from "@unshift/contracts/services";
import type { RateableSample } from "./assignment.js";
import { Chats } from "./chats.js";
import type { Mode } from "./protocol.js";

/** What a run folder holds that people can rate. */
export interface RunMaterial {
  readonly samples: readonly RateableSample[];
  readonly chats: Chats;
  sample(id: string): Sample;
  answer(system: string, sampleId: string): AnsweredRecord;
  answersOf(system: string): ReadonlyMap<string, AnsweredRecord>;
  /** What a verdict says it is about. */
  itemKey(system: string, against: string | undefined, sampleId: string): string | null;
  /** As a verdict names the two: in the order of the experiment. */
  inOrder(systems: readonly string[]): readonly string[];
}

/**
 * Reads what there is; a run that is not finished is rated as far as it got.
 *
 * @param wanted systems to rate; null: all
 * @throws CONFIG_UNKNOWN_REFERENCE, USAGE, DATASET_EMPTY
 */
export async function readMaterial(
  store: RunStore,
  mode: Mode,
  wanted: readonly string[] | null,
): Promise<RunMaterial> {
  const all = systemsOf(store);
  const unknown = wanted?.find((id) => !all.includes(id));
  if (unknown !== undefined) {
    throw new UnshiftError("CONFIG_UNKNOWN_REFERENCE", `the run has no system ${JSON.stringify(unknown)}`, {
      hint: `Its systems: ${all.join(", ")}.`,
    });
  }
  const systems = wanted === null ? all : all.filter((id) => wanted.includes(id));
  if (mode === "pairwise" && systems.length < 2) {
    throw new UnshiftError("USAGE", "pairs need two systems", {
      hint: `Rate single answers with --mode rubric, or name two systems of: ${all.join(", ")}.`,
    });
  }
  const samples = new Map((await store.samples()).map((sample) => [sample.id, sample]));
  const bySystem = new Map(systems.map((id) => [id, new Map<string, AnsweredRecord>()]));
  const answers = await store.answers();
  for (const record of answers) {
    if (record.status === "answered" && samples.has(record.sampleId)) {
      bySystem.get(record.system)?.set(record.sampleId, record);
    }
  }
  const chats = new Chats([...samples.values()]);
  const items = new JudgedItems([...samples.values()], answers);
  const rateable = [...samples.values()].map(
    (sample): RateableSample => ({
      id: sample.id,
      conversation: chats.rootOf(sample),
      systems: systems.filter((id) => bySystem.get(id)?.has(sample.id)),
    }),
  );
  const enough = mode === "pairwise" ? 2 : 1;
  if (!rateable.some((sample) => sample.systems.length >= enough)) {
    throw new UnshiftError(
      "DATASET_EMPTY",
      `${store.folder} holds ${mode === "pairwise" ? "no two answers to one sample" : "no answers"} to rate`,
      {
        hint: "Give the `unshift run` command first; a run that is not finished can be rated as far as it got.",
      },
    );
  }
  return {
    samples: rateable,
    chats,
    sample: (id) => found(samples.get(id), id),
    answer: (system, id) => found(bySystem.get(system)?.get(id), id),
    answersOf: (system) => bySystem.get(system) ?? new Map(),
    itemKey: (system, against, sampleId) =>
      items.keyOf({ system, sampleId, ...(against === undefined ? {} : { against }) }),
    inOrder: (own) => own.toSorted((a, b) => all.indexOf(a) - all.indexOf(b)),
  };
}

function systemsOf(store: RunStore): string[] {
  const { experiment } = store.manifest();
  const ids = (key: string) => ((experiment[key] ?? []) as readonly { readonly id: string }[]).map(({ id }) => id);
  return [...ids("systems"), ...ids("recorded")];
}

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new UnshiftError("INTERNAL", `sample ${JSON.stringify(id)} is assigned and not there`);
  return value;
}
