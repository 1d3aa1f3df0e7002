import type { ModelView } from "@unshift/contracts";
import { fakeChatTemplate } from "../fake-engine/fake-vocabulary.js";

/** A model as strategies see it; words count as tokens. */
export function modelView(change: Partial<ModelView> = {}): ModelView {
  return {
    name: "model",
    chatTemplate: fakeChatTemplate,
    metadata: {},
    bosText: "<s>",
    eosText: "</s>",
    contextSize: 4096,
    countTokens: (text) => text.split(/\s+/).filter((word) => word !== "").length,
    ...change,
  };
}

/** Two models that differ in what a strategy may look at. */
export const contractModels: readonly ModelView[] = [
  modelView({ name: "aligned" }),
  modelView({
    name: "other",
    chatTemplate: "{% for message in messages %}[{{ message.role }}] {{ message.content }}\n{% endfor %}[assistant] ",
    bosText: null,
    eosText: "<|end|>",
    contextSize: 2048,
  }),
];
