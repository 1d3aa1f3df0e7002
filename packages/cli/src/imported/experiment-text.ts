import { stringify } from "yaml";
import type { RecordedJudge } from "./verdict-files.js";

interface ImportedSystem {
  /** Id in the experiment. */
  readonly id: string;
  /** Who wrote the answers, as the file says. */
  readonly generator: string;
  /** File of its answers, in the experiment's folder. */
  readonly file: string;
}

export interface ImportedExperiment {
  readonly name: string;
  readonly systems: readonly ImportedSystem[];
  /** Path of the base model as the experiment has it; null: the built-in one in its place. */
  readonly model: string | null;
  /** Who judged the answers, where files of verdicts were given. */
  readonly judges: readonly RecordedJudge[];
  /** Where the answers and verdicts are from. */
  readonly sources: readonly { readonly name: string; readonly sha256: string; readonly format: string }[];
}

/** The experiment file that `unshift import` writes: a shift of every imported system against a base model, zero-shot. */
export function experimentText({ name, systems, model, judges, sources }: ImportedExperiment): string {
  const ids = new Set(systems.map(({ id }) => id.toLowerCase()));
  const base = ["zero-shot", "base-zero-shot", "unshift-zero-shot"].find((id) => !ids.has(id)) ?? "zero-shot-of-base";
  return `# Answers made elsewhere, imported from
${sources.map(({ name: file, sha256, format }) => `#   ${oneLine(file)} (${format}, sha256 ${sha256})`).join("\n")}
# Their token ids were not in the files: each text is tokenised once, with the vocabulary of the model it is compared under. Where
# the model that wrote an answer cut it into other tokens, or ended it with an id of its own, positions here are not its own.
name: ${key(name)}
models:
${model === null ? "  # In place of the base model of the answers: put its GGUF file here.\n" : ""}  base: { path: ${JSON.stringify(model ?? "builtin:tiny-base")} }
dataset: { use: files, path: ./samples.jsonl }
systems:
${systems.map(({ id, generator, file }) => `  # ${oneLine(generator)}\n  ${key(id)}: { answers: ${JSON.stringify(`./${file}`)} }`).join("\n")}
  ${base}: { model: base, strategy: zero-shot }
shifts:
${systems.map(({ id }) => `  - { answers: ${JSON.stringify(id)}, subjects: [${base}] }`).join("\n")}
${judges.length === 0 ? "" : `judges:\n${judges.map(judgeText).join("\n")}\n`}`;
}

/** A judge that has its verdicts from a file, and how it goes on. */
function judgeText({ id, use, file, aspects, highest, pairs, judged, pending }: RecordedJudge): string {
  const open = pending === 0 ? "" : `, ${pending} open`;
  const questions = aspects.map((aspect) => ({
    id: aspect,
    question: use === "pairwise" ? `Which answer is better: ${aspect}?` : `How good is the answer: ${aspect}?`,
    ...(use === "rubric" && highest > 5 ? { max: 10 } : {}),
  }));
  const fields = {
    id,
    use,
    ...(use === "rubric" || (use === "pairwise" && aspects.length > 0) ? { aspects: questions } : {}),
    ...(use === "rubric" ? { notApplicable: "exclude" } : {}),
    ...(pairs.length === 0 ? {} : { pairs }),
    recorded: `./${file}`,
    unrecorded: "leave",
  };
  return `  # ${judged} verdicts${open}. To have the rest judged, put \`engine: ID\` of \`judgeEngines\` in place of \`unrecorded: leave\`.
  - ${JSON.stringify(fields)}`;
}

/** A scalar that stays a text: "1.0" and "null" get quotes. */
function key(text: string): string {
  return stringify(text, { lineWidth: 0 }).trimEnd();
}

/** For a comment: no line end and no control character leaves it. */
function oneLine(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
