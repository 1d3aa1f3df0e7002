import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { vocabularyFile } from "../repository.js";
import { halfBillion, handful, type ModelShape } from "./model-shape.js";
import { type ModelRecipe, writeModel } from "./write-model.js";

/** Counts changes of what a recipe means, so that files of an older kind are not taken for new ones. */
const generation = 1;

export interface BenchModels {
  readonly model: string;
  readonly twin: string;
  readonly recipe: { readonly model: string; readonly twin: string };
}

/**
 * The model pair the benchmark brings: written on first use, kept in `folder`. The twin's weights stray by 4 % of their standard
 * deviation, which moves its distributions about as far apart as alignment tuning does.
 */
export async function benchModels(
  folder: string,
  quick: boolean,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<BenchModels> {
  const [size, shape]: [string, ModelShape] = quick ? ["tiny", handful] : ["0.5b", halfBillion];
  const model = { name: `bench-qwen2-${size}`, shape, seed: 1, perturbation: null };
  const twin = { ...model, name: `${model.name}-twin`, perturbation: { seed: 2, deviation: 0.04 } };
  await mkdir(folder, { recursive: true });
  const path = async (recipe: ModelRecipe) => {
    const file = join(folder, `${recipe.name}-q8_0-v${generation}.gguf`);
    if (await exists(file)) return file;
    log(`writing ${file}`);
    await writeModel(file, await vocabularyFile(), recipe, signal);
    return file;
  };
  return {
    model: await path(model),
    twin: await path(twin),
    recipe: { model: recipeText(model), twin: recipeText(twin) },
  };
}

function recipeText({ shape, seed, perturbation }: ModelRecipe): string {
  const { layers, width, feedForward, heads, keyHeads } = shape;
  const strays =
    perturbation === null
      ? ""
      : `, every weight moved by ${perturbation.deviation} of a standard deviation (seed ${perturbation.seed})`;
  return `random normal weights (generation ${generation}, seed ${seed})${strays}: Qwen2, ${layers} layers, width ${width}, feed-forward ${feedForward}, ${heads}/${keyHeads} heads, Qwen2's own vocabulary, Q8_0`;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
