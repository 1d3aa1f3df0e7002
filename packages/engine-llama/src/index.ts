/** The Engine contract over the native llama.cpp addon. The only room that imports `@unshift/native`. */
export { availableMemory } from "./available-memory.js";
export { createLlamaEngine } from "./llama-engine.js";
export { nativeInfo } from "./native-info.js";
