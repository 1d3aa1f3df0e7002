import { oddTexts } from "./odd-texts.js";

/** What a model that was asked for a score has said instead, or beside it. */
export const oddReplies: Readonly<Record<string, string>> = {
  ...oddTexts,
  "a refusal": "I'm sorry, but I can't rate this answer.",
  "prose without a score": "The answer is rather good, though a bit long.",
  "a score in words": "I would give it four out of five.",
  "two scores that contradict each other": "Rating: 2\n\nOn reflection, rating: 5",
  "a score out of any range": "Rating: 9999999999999999999999",
  "a score below any range": '{"score": -7, "reason": "terrible"}',
  "a score that is no number": '{"score": "NaN", "helpfulness": {"score": null}}',
  "JSON that is cut off": '{"helpfulness": {"reason": "It says',
  "JSON in a fence with prose around": 'Here you are:\n```json\n{"reason": "ok"}\n```\nHope this helps!',
  "JSON of another form": '[1, [2, {"a": []}], null, true]',
  "a list where a map is asked for": "[]",
  null: "null",
  "keys of a prototype": '{"__proto__": {"score": 5}, "constructor": {"score": 5}, "toString": 5}',
  "deep nesting": `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
};
