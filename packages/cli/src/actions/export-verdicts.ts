import { resolve } from "node:path";
import { UnshiftError, type VerdictRecord } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import { currentVerdicts, nearest } from "@unshift/core";
import {
  evalResOf,
  type ReleasedVerdict,
  unwrittenVerdictReasons,
  type VerdictFormat,
  writeEvalRes,
  writeVerdicts,
} from "@unshift/formats";
import { createStore, publishText } from "@unshift/store";
import type { ExportArguments } from "../commands/export.js";
import { usageError } from "../output/failure.js";
import { print, printJson, tell } from "../output/print.js";
import { releasedVerdicts } from "../released/released-verdicts.js";

/** A verdict that is not in the file, and why. */
interface Unwritten {
  readonly sampleId: string;
  readonly system: string;
  readonly reason: string;
}

/**
 * Writes the verdicts of one judge as the file its original writes; of just-eval its summary beside it (`….eval_res.json`). What
 * cannot be in it is counted and named on stderr.
 *
 * @throws EXPORT_TARGET, RUN_…, USAGE
 */
export async function exportVerdicts(args: ExportArguments, format: VerdictFormat): Promise<void> {
  if (args.generator !== undefined && args.system === undefined) {
    throw usageError("--generator names one system's answers: give --system too");
  }
  const out = resolve(args.out);
  const store = await createStore().open(resolve(args.run), { readOnly: true });
  const { judge, naPolicy, verdicts, ...found } = await verdictsOf(store, args).finally(() => store.close());
  if (format === "just-eval") requireOneSystem(verdicts);
  const written = writeVerdicts(format, verdicts);
  const leftOut = [
    ...found.leftOut,
    ...written.unwritten.map((each) => ({ ...each, reason: unwrittenVerdictReasons[each.reason] })),
  ];
  const summary = format === "just-eval" ? out.replace(/(?:\.json)?$/, ".eval_res.json") : null;
  const content = summary === null ? "" : writeEvalRes(evalResOf(verdicts, { naPolicy, outputFile: args.out }));
  await publishText(out, written.content, { force: args.force });
  if (summary !== null) await publishText(summary, content, { force: args.force });
  tellUnwritten(leftOut);
  if (args.json) {
    printJson({ what: "verdicts", format, judge, out, summary, verdicts: written.verdicts, leftOut });
    return;
  }
  print(`${written.verdicts} verdicts of ${judge} written to ${out}`);
  if (summary !== null) print(`their summary to ${summary}`);
}

async function verdictsOf(store: RunStore, { judge: asked, system, generator }: ExportArguments) {
  const records = await currentVerdicts(store);
  const judge = oneOf("judge", asked, new Set(records.map((record) => record.judge)));
  const own = records.filter((record) => record.judge === judge);
  const systems = new Set(own.flatMap(({ system: id, against }) => (against === undefined ? [id] : [id, against])));
  if (system !== undefined) oneOf("system", system, systems);
  const wanted = own.filter((record) => system === undefined || record.system === system || record.against === system);
  const judges = (store.manifest().experiment["judges"] ?? []) as readonly {
    readonly id: string;
    readonly options?: { readonly naPolicy?: unknown };
  }[];
  const names = new Map(system === undefined || generator === undefined ? [] : [[system, generator]]);
  const naPolicy = judges.find(({ id }) => id === judge)?.options?.naPolicy === "five" ? "five" : "exclude";
  const [verdicts, leftOut]: [ReleasedVerdict[], Unwritten[]] = [[], []];
  for (const { record, verdict } of await releasedVerdicts(store, wanted, names)) {
    if (typeof verdict === "string") {
      leftOut.push({ sampleId: record.sampleId, system: record.system, reason: verdict });
    } else {
      verdicts.push(verdict);
    }
  }
  return { judge, naPolicy, verdicts, leftOut } as const;
}

function oneOf(
  what: "judge" | "system",
  asked: string | undefined,
  known: ReadonlySet<VerdictRecord["judge"]>,
): string {
  const ids = [...known].sort();
  const [only] = ids;
  if (only === undefined) {
    throw new UnshiftError("EXPORT_TARGET", "the run has no verdicts", {
      hint: "Add `judges` to the experiment; `unshift judge` lets them judge the answers that are there.",
    });
  }
  if (asked !== undefined && known.has(asked)) return asked;
  if (asked === undefined && ids.length === 1) return only;
  const near = asked === undefined ? null : nearest(asked, ids);
  throw new UnshiftError(
    "EXPORT_TARGET",
    asked === undefined
      ? `the run has verdicts of ${ids.length} ${what}s, and a file holds those of one`
      : `the run has no verdicts of a ${what} ${JSON.stringify(asked)}`,
    { hint: `--${what}: ${ids.join(", ")}.${near === null ? "" : ` Did you mean ${near}?`}` },
  );
}

/** A file of just-eval is of one generator, or of two compared: a summary of several together would be of nobody. */
function requireOneSystem(verdicts: readonly ReleasedVerdict[]): void {
  const sides = new Set(verdicts.map(({ system, against }) => JSON.stringify([system, against ?? ""].sort())));
  if (sides.size <= 1) return;
  const names = [...new Set(verdicts.flatMap(({ system, against }) => [system, against ?? ""]))].filter(Boolean).sort();
  throw new UnshiftError("EXPORT_TARGET", "a file of just-eval holds the verdicts of one system, or of one pair", {
    hint: `--system names one of: ${names.join(", ")}.`,
  });
}

const named = 20;

function tellUnwritten(unwritten: readonly Unwritten[]): void {
  if (unwritten.length === 0) return;
  tell(`${unwritten.length} verdicts are not in the file:`);
  for (const { sampleId, system, reason } of unwritten.slice(0, named)) tell(`  ${system}, ${sampleId}: ${reason}`);
  if (unwritten.length > named) tell(`  and ${unwritten.length - named} more (--json names them all)`);
}
