import { fileURLToPath } from "node:url";

/** Files of the embedded models by the name that follows `builtin:` in an experiment. */
export const builtinModels = Object.freeze({
  "tiny-base": fileURLToPath(new URL("./tiny-base.gguf", import.meta.url)),
  "tiny-aligned": fileURLToPath(new URL("./tiny-aligned.gguf", import.meta.url)),
});
