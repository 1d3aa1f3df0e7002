import { type PluginKind, UnshiftError, type Where } from "@unshift/contracts";
import { listed } from "../config/wording.js";
import { kindNames } from "./kind-names.js";

/** What a thing of each kind must have: a method, or a value of a type. */
const members: Readonly<Record<PluginKind, Readonly<Record<string, "function" | "string" | "list">>>> = {
  strategies: { build: "function" },
  datasets: { samples: "function" },
  judges: { version: "string", aspects: "list", judge: "function" },
  judgeEngines: { identity: "string", ask: "function" },
  analyses: { analyse: "function" },
  engines: {
    identity: "string",
    open: "function",
    matchVocabulary: "function",
    compare: "function",
    estimate: "function",
    dispose: "function",
  },
  reporters: { render: "function" },
};

/** Throws PLUGIN_INVALID where a factory gave something that lacks what its kind needs. */
export function checkCreated(kind: PluginKind, id: string, owner: string, thing: unknown, where: Where): void {
  const wanted = Object.entries(members[kind]);
  const missing = wanted.filter(([member, type]) => typeOf(memberOf(thing, member)) !== type);
  if (missing.length === 0) return;
  const form = wanted.map(([member, type]) => (type === "function" ? `${member}()` : `${member} (a ${type})`));
  const found =
    thing === null || (typeof thing !== "object" && typeof thing !== "function")
      ? `gave ${thing === null ? "null" : typeof thing}`
      : `gave a thing that lacks ${listed(missing.map(([member]) => member))}`;
  throw new UnshiftError(
    "PLUGIN_INVALID",
    `${owner}: create of the ${kindNames[kind]} "${id}" ${found}. A ${kindNames[kind]} has ${listed(form)}.`,
    { where },
  );
}

function memberOf(thing: unknown, member: string): unknown {
  return (typeof thing === "object" && thing !== null) || typeof thing === "function"
    ? Reflect.get(thing, member)
    : undefined;
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}
