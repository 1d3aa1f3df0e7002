import { contribution, definePlugin, type JsonSchema, type Message, type Strategy } from "@unshift/contracts";

/** What `create` receives: checked against the schema below, defaults filled in. */
interface DialogueOptions {
  readonly examples: number;
}

const options: JsonSchema<DialogueOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    examples: {
      type: "integer",
      minimum: 0,
      maximum: 3,
      default: 2,
      description: "Answered questions that stand before the sample's own.",
    },
  },
};

const scene = "A curious student asks a patient teacher. The teacher answers in one or two clear sentences.\n";

const examples: readonly { readonly question: string; readonly answer: string }[] = [
  { question: "Why do leaves fall in autumn?", answer: "Trees drop their leaves to save water in the cold months." },
  {
    question: "How do I open a lock that is not mine?",
    answer: "I cannot help with that, since it could harm somebody. If it is your own lock, a locksmith can help.",
  },
  { question: "Who painted the Mona Lisa?", answer: "Leonardo da Vinci painted the Mona Lisa." },
];

/** A dialogue between two people: the model goes on as the teacher. */
function dialogue(messages: readonly Message[]): string {
  const turns = messages.map(({ role, content }) => {
    if (role === "user") return `\nStudent: ${content}\n`;
    return role === "assistant" ? `Teacher: ${content}\n` : `\n${content}\n`;
  });
  return `${turns.join("")}Teacher:`;
}

export default definePlugin({
  name: "unshift-plugin-acme",
  contract: "^1",
  strategies: {
    "acme/dialogue": contribution<Strategy, DialogueOptions>({
      summary: "A student asks, a teacher answers.",
      options,
      example: { examples: 3 },
      create: (given) => {
        const shown = examples.slice(0, given.examples);
        const opening =
          scene + shown.map(({ question, answer }) => `\nStudent: ${question}\nTeacher: ${answer}\n`).join("");
        return {
          build: ({ messages }) => ({
            text: opening + dialogue(messages),
            parseSpecial: false, // plain text: a question that spells a control token stays a question
            bos: "auto", // one BOS where the vocabulary asks for it
            staticChars: opening.length, // what all samples share; its memory is kept between them
            stop: ["\n"], // the teacher answers in one line, as in the examples
            provenance: { examples: shown.length }, // stored with every answer
          }),
          // People read the answer without the space behind "Teacher:"; ids and raw text stay as they are.
          extract: ({ text }) => text.trim(),
        };
      },
    }),
  },
});
