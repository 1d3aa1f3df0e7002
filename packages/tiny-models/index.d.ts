/** Absolute paths of the embedded GGUF files by the name that follows `builtin:` in an experiment. */
export const builtinModels: Readonly<Record<"tiny-base" | "tiny-aligned", string>>;
