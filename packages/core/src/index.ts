/** Config → plan → run, and the container that holds plugins. */
export type * from "./config/experiment.js";
export { experimentJsonSchema } from "./config/experiment-json-schema.js";
export { type HubPath, modelFiles, parseHubPath } from "./config/hub-path.js";
export { loadExperiment } from "./config/load-experiment.js";
export { nearest } from "./config/wording.js";
export { type LoadPluginsOptions, loadPlugins } from "./plugins/load-plugins.js";
export type { PluginRegistry, Registered } from "./plugins/plugin-registry.js";
export { analyseAgain, reportAgain } from "./run/again.js";
export { currentVerdicts } from "./run/current-verdicts.js";
export { type FetchedModel, fetchModel } from "./run/fetch-models.js";
export { type JudgedRun, judgeAgain } from "./run/judge-again.js";
export type { JudgingCost } from "./run/judging-costs.js";
export { createEngine, openStoredModel } from "./run/open-stored-model.js";
export { type PlannedSystem, planExperiment, type RunPlan } from "./run/plan-experiment.js";
export {
  type LogitsChoice,
  type LogitsPositions,
  type PlannedLogits,
  planLogits,
} from "./run/plan-logits.js";
export { type PulledExperiment, pullExperiment } from "./run/pull-experiment.js";
export { type RenderedPrompt, renderPrompt } from "./run/render-prompt.js";
export { type RunEvents, type Stage, silentEvents } from "./run/run-events.js";
export { type RunOutcome, runExperiment } from "./run/run-experiment.js";
export type { RunServices } from "./run/run-services.js";
export { type ManifestExperiment, readRun, type StoredRun } from "./run/stored-run.js";
