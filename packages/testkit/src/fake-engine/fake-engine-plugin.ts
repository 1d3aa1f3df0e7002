import { contribution, definePlugin } from "@unshift/contracts";
import type { Engine } from "@unshift/contracts/services";
import { createFakeEngine } from "./create-fake-engine.js";
import { type FakeEngineOptions, fakeEngineOptions } from "./fake-options.js";

/** `engine: testkit/fake` in an experiment: runs whole experiments in milliseconds, without a model file. */
export const fakeEnginePlugin = definePlugin({
  name: "@unshift/testkit",
  contract: "^1",
  engines: {
    "testkit/fake": contribution<Engine, FakeEngineOptions>({
      summary: "Deterministic distributions from a formula, for tests.",
      options: fakeEngineOptions,
      example: { models: { base: { contextSize: 512 }, aligned: { own: 2 } } },
      create: (options) => createFakeEngine(options),
    }),
  },
});
