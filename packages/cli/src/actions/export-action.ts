import { extname, resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { currentVerdicts, nearest } from "@unshift/core";
import { verdictFormats, type WrittenFormat, writtenFormats } from "@unshift/formats";
import { type ExportRequest, exportFormats, exportRun } from "@unshift/store";
import type { ExportArguments } from "../commands/export.js";
import { usageError } from "../output/failure.js";
import { print, printJson } from "../output/print.js";
import { runFolder } from "../run-folder.js";
import { exportReleased } from "./export-released.js";
import { exportTables } from "./export-tables.js";
import { exportVerdicts } from "./export-verdicts.js";

const allFormats: readonly string[] = [
  ...new Set([
    ...Object.values(exportFormats).flat(),
    ...Object.keys(writtenFormats),
    ...verdictFormats,
    "markdown",
    "latex",
  ]),
];

/** Writes a part of a run as a file: columns and records by the store, answers and verdicts in released formats here. */
export async function exportAction(asked: ExportArguments): Promise<void> {
  if (asked.what !== undefined && !(asked.what in exportFormats)) {
    throw new UnshiftError(
      "EXPORT_TARGET",
      `there is no ${JSON.stringify(asked.what)} to export. Allowed: ${Object.keys(exportFormats).join(", ")}`,
    );
  }
  const args = { ...asked, run: await runFolder(asked.run) };
  if (args.format !== undefined && !allFormats.includes(args.format)) {
    const near = nearest(args.format, allFormats);
    throw new UnshiftError(
      "EXPORT_TARGET",
      `there is no format ${JSON.stringify(args.format)} to export. Allowed: ${allFormats.join(", ")}`,
      { hint: near === null ? undefined : `Did you mean "${near}"?` },
    );
  }
  const verdictFormat = verdictFormats.find((format) => format === args.format);
  if (verdictFormat !== undefined && args.what === "verdicts") {
    await exportVerdicts(args, verdictFormat);
    return;
  }
  if (args.judge !== undefined)
    throw usageError(`--judge belongs to --what verdicts --format ${verdictFormats.join(", ")}`);
  if (args.format !== undefined && args.format in writtenFormats) {
    if (args.what !== undefined && args.what !== "answers") {
      throw new UnshiftError(
        "EXPORT_TARGET",
        `${args.format} is a format of answers and verdicts, not of ${args.what}`,
        {
          hint: "Leave out --what, or give --what verdicts.",
        },
      );
    }
    await exportReleased(args, args.format as WrittenFormat);
    return;
  }
  if (verdictFormat !== undefined) {
    throw new UnshiftError(
      "EXPORT_TARGET",
      `${verdictFormat} is a format of verdicts, not of ${args.what ?? "positions"}`,
      {
        hint: "Give --what verdicts.",
      },
    );
  }
  if (args.format === "markdown" || args.format === "latex") {
    await exportTables(args, args.format);
    return;
  }
  if (args.system !== undefined || args.generator !== undefined) {
    throw usageError(`--system and --generator belong to --format ${Object.keys(writtenFormats).join(", ")}`);
  }
  const what = (args.what ?? "positions") as ExportRequest["what"];
  const format = formatOf(args.format, args.out, what);
  const written = await exportRun(resolve(args.run), {
    what,
    // The store refuses a format it does not offer for this part, and lists those it does.
    format: format as ExportRequest["format"],
    out: resolve(args.out),
    force: args.force,
    verdicts: currentVerdicts,
  });
  if (args.json) {
    printJson({ what, format, ...written });
    return;
  }
  print(`${written.count} ${what} written to ${written.out}`);
}

/** The format asked for, else what the file's name says, else Parquet (tables: JSON). A name that says otherwise is refused. */
function formatOf(asked: string | undefined, out: string, what: ExportRequest["what"]): string {
  const named = extname(out).slice(1).toLowerCase();
  const known = Object.values(exportFormats).some((formats) => (formats as readonly string[]).includes(named));
  if (asked !== undefined && known && named !== asked) {
    throw new UnshiftError("EXPORT_TARGET", `--format ${asked} contradicts the name ${JSON.stringify(out)}`, {
      hint: `Leave out --format to write ${named}, or choose a name that ends in .${asked}.`,
    });
  }
  if (asked === undefined && !known && named !== "") {
    throw new UnshiftError(
      "EXPORT_TARGET",
      `the name ${JSON.stringify(out)} ends in no format. Formats of ${what}: ${exportFormats[what].join(", ")}`,
      { hint: "Choose a name that ends in one of them, or give --format." },
    );
  }
  return asked ?? (known ? named : what === "tables" ? "json" : "parquet");
}
