/** A deterministic fake engine, and contract tests that plugin authors run in whatever test runner they use. */

export { answerRecord } from "./checks/answer-record.js";
export { checkDataset } from "./checks/check-dataset.js";
export { checkJudge, type JudgeCheckOptions } from "./checks/check-judge.js";
export { checkJudgeReplies, type ReplyCheckOptions } from "./checks/check-judge-replies.js";
export { checkPlugin } from "./checks/check-plugin.js";
export { checkPreparation } from "./checks/check-preparation.js";
export { checkStrategy, type StrategyCheckOptions } from "./checks/check-strategy.js";
export { contractModels, modelView } from "./checks/contract-models.js";
export { contractSamples } from "./checks/contract-samples.js";
export { type CheckOptions, checkContext, createForCheck } from "./checks/create-for-check.js";
export { noAsk } from "./checks/no-ask.js";
export { oddReplies } from "./checks/odd-replies.js";
export { oddTexts } from "./checks/odd-texts.js";
export { validateOptions } from "./checks/validate-options.js";
export { createFakeEngine, type FakeEngine } from "./fake-engine/create-fake-engine.js";
export type { FakeCalls } from "./fake-engine/fake-calls.js";
export { fakeEnginePlugin, fakeEnginePlugin as default } from "./fake-engine/fake-engine-plugin.js";
export type { FakeModel } from "./fake-engine/fake-model.js";
export type { FakeEngineOptions, FakeModelOptions } from "./fake-engine/fake-options.js";
export { fakeChatTemplate } from "./fake-engine/fake-vocabulary.js";
