import type { Ask } from "@unshift/contracts";

/** For a judge that asks no model: fails the check where it does. */
export const noAsk: Ask = async (request) => {
  throw new Error(`the judge asks a model (request "${request.id}"), but does not declare \`asks\``);
};
