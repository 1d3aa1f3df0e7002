import { type Aspect, UnshiftError } from "@unshift/contracts";
import type { Manifest } from "@unshift/contracts/services";
import type { Mode, ShownAspect } from "./protocol.js";

const rubric: readonly ShownAspect[] = [
  ["helpfulness", "Helpfulness", "Does it do what was asked?"],
  ["clarity", "Clarity", "Is it well ordered and easy to follow?"],
  ["factuality", "Factuality", "Is what it says true?"],
  ["depth", "Depth", "Does it go into the matter?"],
  ["engagement", "Engagement", "Does it read like a person who cares to talk?"],
].map(([id = "", title = "", hint = ""]) => ({ id, title, hint, min: 1, max: 5 }));

const overall: ShownAspect = { id: "overall", title: "Overall", hint: "Which answer serves better?", min: 0, max: 1 };

/** One key a score: no more than eleven of them, from 0 to 10. */
const form = /^(?<id>[A-Za-z][A-Za-z0-9_-]*)(?::(?<min>\d+):(?<max>\d+))?$/;

/**
 * The aspects people rate: those of `--aspects id:min:max,…`, else the five of just-eval (a rubric) or `overall` (pairs): the ids of
 * the model judges, so that agreement can be computed. An id without a scale takes that of the run's judge, else 1 to 5.
 *
 * @throws USAGE
 */
export function chosenAspects(mode: Mode, text: string | null, manifest: Pick<Manifest, "experiment">): ShownAspect[] {
  if (text === null) return mode === "rubric" ? [...rubric] : [overall];
  const known = judgedAspects(manifest);
  const aspects = text.split(",").map((part) => {
    const { id, min, max } = form.exec(part.trim())?.groups ?? {};
    if (id === undefined) {
      throw wrong(`${JSON.stringify(part)} is no aspect`);
    }
    const like = [...rubric, overall, ...known].find((aspect) => aspect.id === id);
    const named = { id, title: like?.title ?? id, hint: like?.hint ?? "" };
    if (mode === "pairwise") return { ...named, min: 0, max: 1 };
    const judged = known.find((aspect) => aspect.id === id);
    const scale =
      min === undefined ? { min: judged?.min ?? 1, max: judged?.max ?? 5 } : { min: +min, max: Number(max) };
    if (
      !Number.isInteger(scale.min) ||
      !Number.isInteger(scale.max) ||
      scale.min >= scale.max ||
      scale.min < 0 ||
      scale.max > 10
    ) {
      throw wrong(`aspect "${id}": people score whole numbers within 0 to 10, not ${scale.min} to ${scale.max}`);
    }
    return { ...named, ...scale };
  });
  const twice = aspects.find(({ id }, at) => aspects.findIndex((other) => other.id === id) !== at);
  if (twice !== undefined) throw wrong(`aspect "${twice.id}" is named twice`);
  return aspects;
}

/** As tables know them. */
export function tableAspect(mode: Mode, { id, title, min, max }: ShownAspect): Aspect {
  return mode === "pairwise"
    ? { id, title, min, max, meaning: "share of samples on which people prefer the answer, blind; a tie counts half" }
    : { id, title, min, max, meaning: `mean score by people, blind, from ${min} to ${max}` };
}

function judgedAspects({ experiment }: Pick<Manifest, "experiment">): ShownAspect[] {
  const judges = experiment["judges"] as readonly { readonly aspects?: readonly Aspect[] }[] | undefined;
  return (judges ?? []).flatMap(({ aspects }) =>
    (aspects ?? []).map(({ id, title, min, max }) => {
      // Of a scale without ends, as a reward's, people get the usual one.
      const [low, high] = min === null || max === null ? [1, 5] : [min, max];
      return { id, title, hint: "", min: low, max: high };
    }),
  );
}

function wrong(what: string): UnshiftError {
  return new UnshiftError("USAGE", `--aspects: ${what}`, {
    hint: "Write id:min:max, separated by commas: helpfulness:1:5,brevity:1:3. In pairs, ids alone: overall,style.",
  });
}
