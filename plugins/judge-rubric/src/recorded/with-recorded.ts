import { basename } from "node:path";
import { type Judge, type Judgement, type PluginContext, type Preference, UnshiftError } from "@unshift/contracts";
import { type RecordedVerdict, readRecordedVerdicts } from "./recorded-verdicts.js";

/** Options of every judge here that let it go on from verdicts given elsewhere. */
export interface RecordedOptions {
  readonly recorded?: string;
  readonly unrecorded?: "ask" | "leave";
}

export const recordedProperties = {
  recorded: {
    type: "string",
    minLength: 1,
    description:
      "A file of verdicts that `unshift import --verdicts` wrote, relative to the experiment file: what is judged there is taken over, and only the rest is asked.",
  },
  unrecorded: {
    type: "string",
    enum: ["ask", "leave"],
    description:
      "Of items without a recorded verdict: `ask` the judge's engine (default), or `leave` them without a verdict, which needs no engine.",
  },
} as const;

/**
 * The judge with the verdicts of a half-finished or finished run put in its place where they are of the same answers.
 *
 * @param countsAs what an aspect counts that does not apply; null: nothing
 */
export async function withRecorded(
  judge: Judge,
  options: RecordedOptions,
  context: PluginContext,
  countsAs: number | null = null,
): Promise<Judge> {
  if (options.recorded === undefined) {
    if (options.unrecorded === undefined) return judge;
    throw new UnshiftError("PLUGIN_OPTIONS", "`unrecorded` says what happens beside `recorded`, which is not given");
  }
  const ids = judge.aspects.map(({ id }) => id);
  const recorded = await readRecordedVerdicts(options.recorded, ids, context);
  const leaves = options.unrecorded === "leave";
  const file = basename(options.recorded);
  const { judged, pending, judges } = recorded;
  return {
    ...judge,
    version: `${judge.version}+${recorded.sha256.slice(0, 12)}`,
    asks: !leaves,
    prepare: async (work) => {
      await judge.prepare?.(work);
      const by = judges.length === 0 ? "" : ` by ${judges.join(", ")}`;
      const rest = leaves ? "what else there is to judge has no verdict" : "what else there is to judge is asked";
      work.note(
        `${judged} verdicts${by} are taken from ${file}${pending === 0 ? "" : `, ${pending} stand open in it`}; ${rest}`,
      );
    },
    judge: (item, signal, ask) => {
      const found = recorded.of(item);
      if (typeof found !== "string") return judgementOf(found.verdict, found.turned, countsAs);
      return leaves ? { status: "not-applicable", reason: found } : judge.judge(item, signal, ask);
    },
  };
}

function judgementOf(verdict: RecordedVerdict, turned: boolean, countsAs: number | null): Judgement {
  const { judge, raw, prompt, rationales = {}, notApplicable = [], reason = "it was not read" } = verdict;
  const told = Object.entries(rationales);
  const rationale = told.map(([aspect, text]) => (told.length === 1 ? text : `${aspect}: ${text}`)).join("\n");
  const request = { ...(judge === undefined ? {} : { judge }), ...(prompt === undefined ? {} : { prompt }) };
  const origin = {
    ...(rationale === "" ? {} : { rationale }),
    ...(Object.keys(request).length === 0 ? {} : { request }),
    ...(raw === undefined ? {} : { raw }),
  };
  if (verdict.status === "preferred") {
    const { preferences = {}, orders } = verdict;
    const own = orders?.map((each) => seenFrom(each, turned));
    return {
      status: "preferred",
      preferences: seenFrom(preferences, turned),
      // From the other side, what was shown second stood in front.
      ...(own === undefined ? {} : { orders: turned ? own.toReversed() : own }),
      ...origin,
    };
  }
  if (verdict.status !== "scored")
    return { status: "unparsed", reason, raw: raw ?? "", ...(prompt === undefined ? {} : { request }) };
  const counted = countsAs === null ? [] : notApplicable.map((aspect) => [aspect, countsAs] as const);
  const scores = { ...verdict.scores, ...Object.fromEntries(counted) };
  if (Object.keys(scores).length === 0) {
    return { status: "not-applicable", reason: "the judge says that no aspect applies" };
  }
  return {
    status: "scored",
    scores,
    ...(notApplicable.length === 0 ? {} : { notApplicable }),
    ...(counted.length === 0 ? {} : { repairs: counted.map(([aspect]) => `${aspect}: "N/A" counted as ${countsAs}`) }),
    ...origin,
  };
}

function seenFrom(
  preferences: Readonly<Record<string, Preference>>,
  turned: boolean,
): Readonly<Record<string, Preference>> {
  if (!turned) return preferences;
  const swapped = { answer: "against", against: "answer", tie: "tie", inconsistent: "inconsistent" } as const;
  return Object.fromEntries(Object.entries(preferences).map(([aspect, each]) => [aspect, swapped[each]]));
}
