import type { PluginKind } from "@unshift/contracts";

/** One of a kind, for messages. */
export const kindNames: Readonly<Record<PluginKind, string>> = {
  strategies: "strategy",
  datasets: "dataset",
  judges: "judge",
  judgeEngines: "judge engine",
  analyses: "analysis",
  engines: "engine",
  reporters: "reporter",
};
