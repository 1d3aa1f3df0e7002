import { type ConfigNode, childOf, type MapNode, nodeAt, type ScalarNode } from "./config-node.js";
import type { Problem } from "./problem.js";
import { isRecorded } from "./system-problems.js";
import { dotted, listed } from "./wording.js";

/**
 * Shifts with wildcards written out: `base.*` under `subjects` or `answers` stands for all systems whose id fits, `*` for any
 * characters. A wildcard never compares a system with itself, repeats a pair, or takes as a subject what has no model; a pair
 * written without one is left as it is.
 */
export function expandWildcards(root: MapNode): { readonly root: MapNode; readonly problems: readonly Problem[] } {
  const written = root.entries.get("shifts");
  const systems = nodeAt(root, ["systems"]);
  if (written?.node.kind !== "list" || systems?.kind !== "map") return { root, problems: [] };
  const ids = [...systems.entries.keys()];
  const problems: Problem[] = [];
  const matching = (pattern: ScalarNode, path: readonly (string | number)[]): readonly string[] => {
    const found = ids.filter((id) => fits(id, String(pattern.value)));
    if (found.length === 0) {
      problems.push({
        code: "CONFIG_UNKNOWN_REFERENCE",
        message: `${dotted(path)}: no system's id fits "${pattern.value}". Systems: ${listed(ids)}.`,
        where: pattern.origin.where,
      });
    }
    return found;
  };
  const taken = new Set(written.node.items.flatMap(plainPairs));
  const items = written.node.items.flatMap((shift, index): ConfigNode[] => {
    const answers = childOf(shift, "answers");
    const subjects = childOf(shift, "subjects");
    if (shift.kind !== "map" || !isText(answers) || subjects?.kind !== "list") return [shift];
    if (![answers, ...subjects.items].some(isPattern)) return [shift];
    const before = problems.length;
    const wanted = subjects.items.map((item, position) =>
      isText(item) && isPattern(item) ? matching(item, ["shifts", index, "subjects", position]) : null,
    );
    const expanded = (isPattern(answers) ? matching(answers, ["shifts", index, "answers"]) : [answers.value]).map(
      (name): MapNode => {
        const kept = subjects.items.flatMap((item, position): ConfigNode[] => {
          const names = wanted[position] ?? null;
          if (names === null && (!isPattern(answers) || !isText(item))) return [item];
          return (names ?? [String((item as ScalarNode).value)]).flatMap((subject) => {
            const pair = JSON.stringify([name, subject]);
            if (subject === name || taken.has(pair) || (names !== null && isRecorded(childOf(systems, subject))))
              return [];
            taken.add(pair);
            return [{ ...(item as ScalarNode), value: subject }];
          });
        });
        const entries = new Map(shift.entries);
        entries.set("answers", { ...entryOf(shift, "answers"), node: { ...answers, value: name } });
        entries.set("subjects", { ...entryOf(shift, "subjects"), node: { ...subjects, items: kept } });
        return { ...shift, entries };
      },
    );
    const compared = expanded.filter((each) => {
      const list = childOf(each, "subjects");
      return list?.kind === "list" && list.items.length > 0;
    });
    if (compared.length === 0 && problems.length === before) {
      problems.push({
        code: "CONFIG_INVALID",
        message: `${dotted(["shifts", index])} compares nothing: what its wildcards fit is the system itself, compared already, or has no model.`,
        where: shift.origin.where,
      });
    }
    return compared;
  });
  const entries = new Map(root.entries).set("shifts", { ...written, node: { ...written.node, items } });
  return { root: { ...root, entries }, problems };
}

function plainPairs(shift: ConfigNode): string[] {
  const answers = childOf(shift, "answers");
  const subjects = childOf(shift, "subjects");
  if (!isText(answers) || isPattern(answers) || subjects?.kind !== "list") return [];
  return subjects.items.flatMap((item) =>
    isText(item) && !isPattern(item) ? [JSON.stringify([answers.value, item.value])] : [],
  );
}

function entryOf(shift: MapNode, key: string) {
  return shift.entries.get(key) ?? { key: shift.origin, node: shift };
}

function isText(node: ConfigNode | undefined): node is ScalarNode & { readonly value: string } {
  return node?.kind === "scalar" && typeof node.value === "string";
}

function isPattern(node: ConfigNode): boolean {
  return isText(node) && node.value.includes("*");
}

function fits(id: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(id);
}
