/** What the rooms of Unshift ask of each other; a plugin needs it only to offer an engine, an analysis or a reporter. */
export * from "./analysis.js";
export * from "./engine.js";
export * from "./judged-items.js";
export * from "./reporter.js";
export * from "./store.js";
