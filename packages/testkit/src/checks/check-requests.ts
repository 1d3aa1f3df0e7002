import type { JudgeRequest } from "@unshift/contracts";
import { expect, isStorable } from "./expect.js";

/** Throws an AssertionError unless these are requests of one item: at least one, each with its own id, and fit to be sent and kept. */
export function checkRequests(asked: readonly JudgeRequest[], of: string): void {
  expect(asked.length > 0, `${of}: the judge asked nobody`);
  expect(new Set(asked.map(({ id }) => id)).size === asked.length, `${of}: two requests of an item share an id`);
  for (const request of asked) {
    const { id, messages, schema, maxTokens, temperature } = request;
    const which = `${of}: request "${id}"`;
    expect(id !== "", `${of}: a request has no id`);
    expect(isStorable(request), `${which} does not survive JSON`);
    expect(messages.at(-1)?.role === "user", `${which} does not end with a message of the user`);
    expect(Number.isInteger(maxTokens) && maxTokens > 0, `${which}: maxTokens is ${maxTokens}`);
    expect(Number.isFinite(temperature) && temperature >= 0, `${which}: temperature is ${temperature}`);
    expect(schema === undefined || schema.type === "object", `${which}: its schema is not one of an object`);
  }
}
