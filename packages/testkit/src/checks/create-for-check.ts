import { resolve } from "node:path";
import type { Contribution, PluginContext } from "@unshift/contracts";
import { expect } from "./expect.js";
import { validateOptions } from "./validate-options.js";

export interface CheckOptions<Options> {
  /** Options as a user writes them; none by default. */
  readonly options?: Partial<Options>;
  /** Folder that paths in options are relative to; default: the working directory. */
  readonly folder?: string;
}

/** A context as core gives it to a factory, with a folder instead of an experiment file. */
export function checkContext(folder: string = process.cwd()): PluginContext {
  return {
    resolvePath: (path) => resolve(folder, path),
    log: () => undefined,
    signal: new AbortController().signal,
  };
}

/** Checks the options against the contribution's schema and creates the thing, as core does. */
export async function createForCheck<Thing, Options>(
  contribution: Contribution<Thing, Options> | undefined,
  check: CheckOptions<Options>,
): Promise<Thing> {
  expect(contribution !== undefined, "there is nothing to check: the plugin offers no such id");
  const options = await validateOptions<Options>(contribution.options, check.options ?? {});
  return contribution.create(options, checkContext(check.folder));
}
