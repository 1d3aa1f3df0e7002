// Who may import whom (ARCHITECTURE.md). `test/import-fences.test.mjs` proves that every fence still matches files.
const packages = (names) => `^packages/(${names.join("|")})/`;

/** Room → rooms it may import. */
const allowed = {
  contracts: [],
  analysis: ["contracts"],
  store: ["contracts"],
  hub: ["contracts"],
  formats: ["contracts"],
  "engine-llama": ["contracts"],
  report: ["contracts", "analysis"],
  annotate: ["contracts"],
  testkit: ["contracts"],
  core: ["contracts", "analysis"],
};

const fences = Object.entries(allowed).map(([room, rooms]) => ({
  name: `${room}-imports`,
  severity: "error",
  comment: `packages/${room} may import ${rooms.join(", ") || "nothing of ours"}`,
  from: { path: `^packages/${room}/src/` },
  to: {
    path: "^(packages|plugins|native)/",
    pathNot: packages([room, ...rooms]) + (room === "engine-llama" ? "|^native/" : ""),
  },
}));

module.exports = {
  forbidden: [
    ...fences,
    {
      name: "plugin-imports",
      severity: "error",
      comment: "a plugin imports contracts and nothing else of ours",
      from: { path: "^plugins/([^/]+)/src/" },
      to: { path: "^(packages|plugins|native)/", pathNot: "^packages/contracts/|^plugins/$1/" },
    },
    {
      name: "only-engine-llama-imports-native",
      severity: "error",
      from: { path: "^(packages|plugins)/", pathNot: "^packages/engine-llama/" },
      to: { path: "^native/" },
    },
    {
      name: "nobody-imports-cli",
      severity: "error",
      from: { path: "^(packages|plugins|bench)/", pathNot: "^packages/cli/" },
      to: { path: "^packages/cli/" },
    },
    {
      name: "only-cli-imports-bench",
      severity: "error",
      from: { path: "^(packages|plugins)/", pathNot: "^packages/cli/" },
      to: { path: "^bench/" },
    },
    {
      name: "bench-imports",
      severity: "error",
      comment: "bench may import what it measures: every room but cli and the pages, and native; no plugin",
      from: { path: "^bench/src/" },
      to: { path: "^plugins/|^packages/(cli|report|annotate)/" },
    },
    {
      name: "tsyringe-stays-in-plugins-room",
      severity: "error",
      from: { path: "^(packages|plugins)/", pathNot: "^packages/core/(src|test)/plugins/|^packages/cli/" },
      to: { path: "tsyringe" },
    },
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-unresolved",
      severity: "error",
      from: { path: "^(packages|plugins)/[^/]+/src/|^bench/src/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Workspace imports resolve to built declarations: they are targets of fences, not sources.
    doNotFollow: { path: "node_modules|/dist/|/vendor/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".d.ts"],
    },
  },
};
