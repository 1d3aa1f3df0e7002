import { longestNote, type Mode, type Rating, type ShownAspect } from "./protocol.js";

/** A rating as the page sent it, or what is wrong with it. Nothing unknown is let through. */
export function readRating(
  value: unknown,
  mode: Mode,
  aspects: readonly ShownAspect[],
): Rating | { readonly wrong: string } {
  if (!isRecord(value)) return { wrong: "A rating is an object." };
  const note = value["note"] ?? "";
  if (typeof note !== "string" || note.length > longestNote) {
    return { wrong: `A note is a text of at most ${longestNote} characters.` };
  }
  if (value["kind"] === "skipped") return { kind: "skipped", note };
  if (value["kind"] !== mode) return { wrong: `This page takes ratings of kind "${mode}".` };
  const given = value[mode === "pairwise" ? "choices" : "scores"];
  if (!isRecord(given)) return { wrong: "A rating says something of every aspect." };
  const ids = aspects.map(({ id }) => id);
  const unknown = Object.keys(given).find((id) => !ids.includes(id));
  if (unknown !== undefined) return { wrong: `There is no aspect ${JSON.stringify(unknown.slice(0, 100))}.` };
  const missing = ids.find((id) => !Object.hasOwn(given, id));
  if (missing !== undefined) return { wrong: `Aspect "${missing}" has no rating.` };
  if (mode === "pairwise") {
    const choices = aspects.flatMap(({ id }) => {
      const side = given[id];
      return side === "a" || side === "b" || side === "tie" ? [[id, side] as const] : [];
    });
    return choices.length === ids.length
      ? { kind: "pairwise", choices: Object.fromEntries(choices), note }
      : { wrong: 'A choice is "a", "b" or "tie".' };
  }
  const scores = aspects.flatMap(({ id, min, max }): (readonly [string, number | null])[] => {
    const score = given[id];
    if (score === null) return [[id, null]];
    return typeof score === "number" && Number.isInteger(score) && score >= min && score <= max ? [[id, score]] : [];
  });
  return scores.length === ids.length
    ? { kind: "rubric", scores: Object.fromEntries(scores), note }
    : { wrong: "A score is a whole number of the aspect's scale, or null where it does not apply." };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
