import { isUnshiftError } from "@unshift/contracts";
import test from "ava";
import { pluginNames } from "../src/create/plugin-names.js";

for (const [given, kind, name, id] of [
  ["acme/my-method", "strategy", "unshift-plugin-acme-my-method", "acme/my-method"],
  ["acme", "strategy", "unshift-plugin-acme", "acme/dialogue"],
  ["acme", "dataset", "unshift-plugin-acme", "acme/questions"],
  ["unshift-plugin-acme", "judge", "unshift-plugin-acme", "acme/brevity"],
  ["unshift-plugin-acme-my-method", "judge", "unshift-plugin-acme-my-method", "acme/my-method"],
  ["unshift-acme", "judge", "unshift-acme", "acme/brevity"],
  ["@acme/unshift-my-method", "strategy", "@acme/unshift-my-method", "acme/my-method"],
  ["@acme/unshift-plugin", "strategy", "@acme/unshift-plugin", "acme/dialogue"],
  ["@acme.labs/terse", "strategy", "@acme.labs/terse", "acme-labs/terse"],
] as const) {
  test(`${given} (${kind}) is the package ${name} with the id ${id}`, (t) => {
    t.deepEqual(pluginNames(given, kind), { package: name, id });
  });
}

for (const given of [
  "",
  " ",
  "Acme",
  "acme/My Method",
  "acme/my/method",
  "../acme",
  "./acme",
  "/",
  "acme/",
  "@acme",
  "@acme/",
  "unshift",
  "unshift-plugin",
  "@unshift/mine",
  "unshift/mine",
  "acme\nx",
  "ac me",
  "日本",
  "a".repeat(300),
]) {
  test(`${JSON.stringify(given).slice(0, 40)} is refused as a name`, (t) => {
    const error = t.throws(() => pluginNames(given, "strategy"));
    t.true(isUnshiftError(error), String(error));
    t.like(error, { code: "CREATE_TARGET", exitCode: 2 });
  });
}
