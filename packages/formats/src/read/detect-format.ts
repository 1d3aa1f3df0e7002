import { UnshiftError } from "@unshift/contracts";
import { readRows } from "./read-rows.js";
import { type AnswerFormat, answerFormats, releasedFormats } from "./released-formats.js";
import { fieldList, type Row } from "./row.js";

/** Rows that are looked at. */
const looked = 20;

/**
 * The format of a file by the fields of its first 20 rows: the one whose marks each of them has; `plain` only where no other fits.
 *
 * @throws IMPORT_FORMAT where none fits, or more than one, with what was looked for; and what reading the rows throws
 */
export async function detectFormat(file: string, signal: AbortSignal): Promise<AnswerFormat> {
  const rows: Row[] = [];
  for await (const row of readRows(file, signal)) {
    rows.push(row);
    if (rows.length === looked) break;
  }
  const fitting = answerFormats.filter((name) => rows.every((row) => releasedFormats[name].matches(row)));
  const named = fitting.filter((name) => name !== "plain");
  const [only = fitting[0]] = named;
  if (only === undefined) throw noneFits(file, rows);
  if (named.length > 1) {
    throw new UnshiftError(
      "IMPORT_FORMAT",
      `the file fits more than one format: ${named.map((name) => `${name} (${releasedFormats[name].marks})`).join("; ")}`,
      { where: { file }, hint: `Choose one: --format ${named.join(" or --format ")}.` },
    );
  }
  return only;
}

function noneFits(file: string, rows: readonly Row[]): UnshiftError {
  const fits = (row: Row) => {
    const all = answerFormats.filter((name) => releasedFormats[name].matches(row));
    return all.length > 1 ? all.filter((name) => name !== "plain") : all;
  };
  const mixed = rows.every((row) => fits(row).length > 0);
  const odd =
    rows.find((row) => fits(row).length === 0) ?? rows.find((row) => fits(row)[0] !== fits(rows[0] ?? row)[0]);
  const [first] = rows;
  const message =
    mixed && first !== undefined && odd !== undefined
      ? `row ${first.place.row} looks like ${fits(first).join(" or ")}, row ${odd.place.row} like ${fits(odd).join(" or ")}; a file has one format`
      : `no known format has the fields of row ${odd?.place.row ?? 1}: ${odd === undefined ? "none" : fieldList(odd)}`;
  const questions = rows.every(({ fields }) => "turns" in fields || ("instruction" in fields && !("output" in fields)));
  const looked = answerFormats.map((name) => `\n  ${name}: ${releasedFormats[name].marks}`).join("");
  return new UnshiftError("IMPORT_FORMAT", message, {
    where: { file, ...(odd === undefined ? {} : { line: odd.place.line }) },
    hint: questions
      ? "These are questions without answers: give the file by --questions, beside one of answers."
      : `Looked for:${looked}`,
  });
}
