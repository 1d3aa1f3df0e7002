import { type Contribution, contribution, type Judge, type Judgement, UnshiftError } from "@unshift/contracts";
import test from "ava";
import { checkJudgeReplies } from "../src/index.js";
import { broken } from "./guilty.js";

interface Options {
  readonly service: string;
}

/** A judge that asks a model for a score from 1 to 5 and reads the reply with `read`. */
function asking(read: (reply: string) => Judgement): Contribution<Judge, Options> {
  return contribution<Judge, Options>({
    summary: "Asks a model.",
    options: {
      type: "object",
      additionalProperties: false,
      required: ["service"],
      properties: { service: { type: "string", description: "Address of the service." } },
    },
    create: ({ service }) => ({
      version: "1",
      aspects: [{ id: "good", title: "Good", min: 1, max: 5, meaning: "mean score" }],
      judge: async ({ answer }, signal) => read(await ask(service, answer.text, signal)),
    }),
  });
}

async function ask(service: string, text: string, signal: AbortSignal): Promise<string> {
  const body = JSON.stringify({ model: "replies", messages: [{ role: "user", content: `Rate: ${text}` }] });
  const response = await fetch(`${service}/chat/completions`, { method: "POST", body, signal });
  if (!response.ok) throw new UnshiftError("HUB_RESPONSE", `the service gave ${response.status}`);
  const { choices } = (await response.json()) as { choices: { message: { content: string | null } }[] };
  const content = choices[0]?.message.content;
  if (typeof content !== "string") throw new Error("the service gave no text");
  return content;
}

const unparsed = (raw: string): Judgement => ({ status: "unparsed", reason: "no score from 1 to 5", raw });

function careful(reply: string): Judgement {
  const score = Number(/^Rating: ([1-5])\s*$/.exec(reply)?.[1]);
  return Number.isInteger(score) ? { status: "scored", scores: { good: score } } : unparsed(reply);
}

const options = (service: string) => ({ service });

test("a judge that reads only what is certain passes", async (t) => {
  await t.notThrowsAsync(checkJudgeReplies(asking(careful), { options, replies: ["Rating: 4"] }));
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
    await t.throwsAsync(checkJudgeReplies(asking(read), { options }), broken(message));
  });
}

test("a judge that scores while its service is broken is found", async (t) => {
  const brave = contribution<Judge, Options>({
    ...asking(careful),
    create: ({ service }) => ({
      version: "1",
      aspects: [{ id: "good", title: "Good", min: 1, max: 5, meaning: "mean score" }],
      judge: async ({ answer }, signal) => {
        try {
          return careful(await ask(service, answer.text, signal));
        } catch {
          return { status: "scored", scores: { good: 3 } };
        }
      },
    }),
  });
  await t.throwsAsync(checkJudgeReplies(brave, { options }), broken(/the service gave .*, and the judge scored/));
});

test("a judge that asks nobody is found", async (t) => {
  const lazy = contribution<Judge, Options>({
    ...asking(careful),
    create: () => ({
      version: "1",
      aspects: [{ id: "good", title: "Good", min: 1, max: 5, meaning: "mean score" }],
      judge: () => ({ status: "scored", scores: { good: 5 } }),
    }),
  });
  await t.throwsAsync(checkJudgeReplies(lazy, { options }), broken(/did not ask the service/));
});
