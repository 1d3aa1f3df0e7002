import { resolve } from "node:path";
import { UnshiftError } from "@unshift/contracts";
import { type ExportRequest, exportFormats, exportRun } from "@unshift/store";
import { print, printJson } from "../output/print.js";

export async function exportAction(args: {
  readonly run: string;
  readonly what: string;
  readonly format: string;
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}): Promise<void> {
  if (!(args.what in exportFormats)) {
    throw new UnshiftError(
      "EXPORT_TARGET",
      `there is no ${JSON.stringify(args.what)} to export. Allowed: ${Object.keys(exportFormats).join(", ")}`,
    );
  }
  const what = args.what as ExportRequest["what"];
  const written = await exportRun(resolve(args.run), {
    what,
    // The store refuses a format it does not offer for this part, and lists those it does.
    format: args.format as ExportRequest["format"],
    out: resolve(args.out),
    force: args.force,
  });
  if (args.json) {
    printJson({ what, format: args.format, ...written });
    return;
  }
  print(`${written.count} ${what} written to ${written.out}`);
}
