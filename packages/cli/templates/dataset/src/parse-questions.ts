import { type Sample, UnshiftError } from "@unshift/contracts";

/**
 * Lines of `id TAB question TAB answers`, where answers are separated by ` | ` and may be missing. Empty lines and those that
 * begin with # are left out. Throws DATASET_FIELD with file and line.
 */
export function parseQuestions(text: string, file: string): Sample[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    const [id = "", question, answers = "", ...more] = line.split("\t");
    if (id.trim() === "" || question === undefined || more.length > 0) {
      throw new UnshiftError(
        "DATASET_FIELD",
        `found ${line.split("\t").length} fields, the first ${JSON.stringify(id)}. Wanted: id, question and answers, separated by tabs.`,
        { where: { file, line: index + 1 } },
      );
    }
    const reference = answers
      .split("|")
      .map((answer) => answer.trim())
      .filter((answer) => answer !== "");
    const tags = { kind: [reference.length > 0 ? "fact" : "open"] };
    return [{ id: id.trim(), messages: [{ role: "user", content: question }], reference, tags }];
  });
}
