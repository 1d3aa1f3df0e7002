/** Everything an Unshift plugin may import. */
export * from "./answer.js";
export * from "./dataset.js";
export * from "./error-catalogue.js";
export * from "./fenced-format.js";
export * from "./hub-files.js";
export * from "./json.js";
export * from "./judge.js";
export * from "./model-view.js";
export * from "./option-schema.js";
export * from "./plugin.js";
export * from "./prompt.js";
export * from "./sample.js";
export * from "./shift.js";
export * from "./strategy.js";
export * from "./table.js";
export * from "./unshift-error.js";
