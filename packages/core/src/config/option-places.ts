import type { PluginKind } from "@unshift/contracts";
import type { ConfigPath } from "./experiment.js";

/** Keys that belong to the experiment where a plugin's options stand beside them. */
export const ownKeys: Readonly<Record<PluginKind, readonly string[]>> = {
  strategies: ["use"],
  datasets: ["use", "limit", "seed", "ids", "where"],
  judges: ["use", "id", "engine", "pairs", "repeat", "maxUnparsed", "maxFailed"],
  judgeEngines: ["use", "budget", "prices"],
  analyses: ["use"],
  engines: ["use"],
  reporters: ["use"],
};

/** Where the experiment uses plugins with options; `*` is any key or index, `[]` an index. */
export const usePlaces: readonly { readonly at: readonly string[]; readonly kind: PluginKind }[] = [
  { at: ["dataset"], kind: "datasets" },
  { at: ["systems", "*", "strategy"], kind: "strategies" },
  { at: ["matrix", "strategy", "*"], kind: "strategies" },
  { at: ["matrix", "[]", "strategy", "*"], kind: "strategies" },
  { at: ["judges", "*"], kind: "judges" },
  { at: ["judgeEngines", "*"], kind: "judgeEngines" },
  { at: ["analyses", "*"], kind: "analyses" },
  { at: ["engine"], kind: "engines" },
];

/** Whether a path lies in the options of a plugin. */
export function isOption(path: ConfigPath): boolean {
  return usePlaces.some(({ at, kind }) => {
    const option = path[at.length];
    return (
      option !== undefined &&
      at.every(
        (step, index) => step === "*" || step === path[index] || (step === "[]" && typeof path[index] === "number"),
      ) &&
      !ownKeys[kind].includes(String(option))
    );
  });
}
