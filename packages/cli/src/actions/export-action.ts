import { resolve } from "node:path";
import { exportRun } from "@unshift/store";
import { print, printJson } from "../output/print.js";

export async function exportAction(args: {
  readonly run: string;
  readonly what: string;
  readonly format: string;
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}): Promise<void> {
  const written = await exportRun(resolve(args.run), {
    what: args.what,
    format: args.format,
    out: resolve(args.out),
    force: args.force,
  });
  if (args.json) {
    printJson({ what: args.what, format: args.format, files: written });
    return;
  }
  for (const file of written) {
    print(file);
  }
}
