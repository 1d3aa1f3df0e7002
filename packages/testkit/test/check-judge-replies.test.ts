import { type Contribution, contribution, type Judge, type Judgement, type JudgeRequest } from "@unshift/contracts";
import test from "ava";
import { checkJudge, checkJudgeReplies } from "../src/index.js";
import { broken } from "./guilty.js";

/** A judge that asks a model for a score from 1 to 5 and reads the reply with `read`. */
function asking(read: (reply: string) => Judgement, change: Partial<Judge> = {}): Contribution<Judge, never> {
  return contribution<Judge, never>({
    summary: "Asks a model.",
    create: () => ({
      version: "1",
      asks: true,
      aspects: [{ id: "good", title: "Good", min: 1, max: 5, meaning: "mean score" }],
      judge: async ({ answer }, _signal, ask) => {
        const reply = await ask(request(`Rate: ${answer.text}`));
        return reply.ended === "withheld" ? unparsed(reply.text) : read(reply.text);
      },
      ...change,
    }),
  });
}

function request(content: string, change: Partial<JudgeRequest> = {}): JudgeRequest {
  return { id: "score", messages: [{ role: "user", content }], maxTokens: 10, temperature: 0, ...change };
}

const unparsed = (raw: string): Judgement => ({ status: "unparsed", reason: "no score from 1 to 5", raw });

function careful(reply: string): Judgement {
  const score = Number(/^Rating: ([1-5])\s*$/.exec(reply)?.[1]);
  return Number.isInteger(score) ? { status: "scored", scores: { good: score } } : unparsed(reply);
}

test("a judge that reads only what is certain passes", async (t) => {
  await t.notThrowsAsync(checkJudgeReplies(asking(careful), { replies: ["Rating: 4"] }));
});

const guilty: readonly [string, (reply: string) => Judgement, RegExp][] = [
  [
    "a throw on a reply that is no JSON",
    (reply) => ({ status: "scored", scores: { good: JSON.parse(reply).score } }),
    /reply an empty text: the judge threw: SyntaxError/,
  ],
  [
    "a score out of range",
    (reply) => {
      const found = /(-?\d+)/.exec(reply)?.[1];
      return found === undefined ? unparsed(reply) : { status: "scored", scores: { good: Number(found) } };
    },
    /good = .* lies outside 1 to 5/,
  ],
  [
    "the worst score for silence",
    (reply) => (reply.trim() === "" ? { status: "scored", scores: { good: 1 } } : careful(reply)),
    /reply an empty text: the judge scored a reply that says nothing/,
  ],
  [
    "a raw text that was tidied up",
    (reply) => (reply.startsWith("Rating") ? careful(reply) : unparsed(reply.trim())),
    /reply blanks only: unparsed, but its raw text is not the reply/,
  ],
  [
    "a fallback score for what it cannot read",
    (reply) => {
      const judgement = careful(reply);
      return judgement.status === "unparsed" ? { status: "scored", scores: { good: 0 } } : judgement;
    },
    /lies outside/,
  ],
  [
    "chance",
    (reply) => ({ status: "unparsed", reason: `${Math.random()}`, raw: reply }),
    /the same reply got another judgement/,
  ],
];
for (const [what, read, message] of guilty) {
  test(`found: ${what}`, async (t) => {
    await t.throwsAsync(checkJudgeReplies(asking(read)), broken(message));
  });
}

test("a judge that scores when asking failed is found", async (t) => {
  const brave = asking(careful, {
    judge: async (_item, _signal, ask) => {
      try {
        return careful((await ask(request("Rate"))).text);
      } catch {
        return { status: "scored", scores: { good: 3 } };
      }
    },
  });
  await t.throwsAsync(checkJudgeReplies(brave), broken(/asking failed, and the judge scored/));
});

let asked = 0;
const requests: readonly [string, Partial<Judge>, RegExp][] = [
  ["asks nobody", { judge: () => ({ status: "scored", scores: { good: 5 } }) }, /the judge asked nobody/],
  ["does not declare that it asks", { asks: false }, /does not declare `asks: true`/],
  ["asks twice under one id", twice(request("a"), request("b")), /two requests of an item share an id/],
  [
    "asks in other words each time",
    twice(request(`${asked}`), () => request(`${asked++}`, { id: "b" })),
    /in other words/,
  ],
  ["asks for no token", twice(request("a", { maxTokens: 0 })), /maxTokens is 0/],
  ["asks at a temperature below zero", twice(request("a", { temperature: -1 })), /temperature is -1/],
  ["says nothing as the user", twice(request("a", { messages: [] })), /does not end with a message of the user/],
  ["wants a list", twice(request("a", { schema: { type: "array" } })), /not one of an object/],
];
for (const [what, change, message] of requests) {
  test(`a judge that ${what} is found`, async (t) => {
    await t.throwsAsync(checkJudgeReplies(asking(careful, change)), broken(message));
  });
}

function twice(...all: readonly (JudgeRequest | (() => JudgeRequest))[]): Partial<Judge> {
  return {
    judge: async (_item, _signal, ask) => {
      const replies = await Promise.all(all.map((each) => ask(typeof each === "function" ? each() : each)));
      return unparsed(replies[0]?.text ?? "");
    },
  };
}

test("a judge of pairs is given pairs, and one that asks is answered by checkJudge too", async (t) => {
  const pairs = asking(careful, {
    judges: "pairs",
    judge: async ({ against }, _signal, ask) => {
      if (against === undefined) throw new Error("a pair has two");
      const { text } = await ask(request(against.text));
      return /^[AB]$/.test(text)
        ? { status: "preferred", preferences: { good: text === "A" ? "answer" : "against" } }
        : unparsed(text);
    },
  });
  await t.notThrowsAsync(checkJudgeReplies(pairs, { replies: ["A", "B"] }));
  await t.notThrowsAsync(checkJudge(pairs));
});
