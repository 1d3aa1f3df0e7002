import { type ConfigNode, nodeAt, originAt } from "./config-node.js";
import type { ShapeProblem } from "./problem.js";

/**
 * Rounded logits make other numbers, so whether they are rounded must not hang on how much memory a machine has: `rows: f16` goes with
 * `mode: sequential` alone.
 */
export function residencyProblems(root: ConfigNode): ShapeProblem[] {
  const value = (key: string) => {
    const node = nodeAt(root, ["residency", key]);
    return node?.kind === "scalar" ? node.value : undefined;
  };
  if (value("rows") !== "f16" || value("mode") === "sequential") return [];
  return [
    {
      code: "CONFIG_INVALID",
      message: "residency.rows is f16, which rounds logits; that needs `mode: sequential`.",
      where: originAt(root, ["residency", "rows"]).where,
      hint: "Write `residency: { mode: sequential, rows: f16 }`, or leave `rows` out: f32 keeps every bit.",
    },
  ];
}
