import type { JsonObject } from "@unshift/contracts";
import { SchemaWriter } from "./schema-writer.js";

/**
 * Version of the grammars: raise it whenever some schema gets another text, for what is sampled under it may then be another. A test
 * holds the texts of this version.
 */
export const schemaGrammarVersion = 1;

/** Characters of a string without `maxLength` where a schema refers to itself, so that nothing can be shared out. */
const recursiveLength = 200;
const leastLength = 16;
const mostLength = 2000;

/**
 * GBNF of the compact JSON texts that are values of `schema`, one spelling a value: no white space, members in the schema's
 * order. Strings without `maxLength` share what the rest leaves of `maxTokens` characters, so that the whole fits where no
 * character takes more than one token. Throws GRAMMAR_UNSUPPORTED with a pointer to what answers cannot be held to.
 */
export function schemaGrammar(schema: JsonObject, maxTokens: number): string {
  const { characters, openStrings } = new SchemaWriter(schema, leastLength).grammar();
  return new SchemaWriter(schema, openLength(maxTokens, characters, openStrings)).grammar().text;
}

function openLength(maxTokens: number, characters: number, openStrings: number): number {
  if (openStrings === 0 || !Number.isFinite(characters)) {
    return recursiveLength;
  }
  // One token ends the answer.
  const share = Math.floor((maxTokens - 1 - characters) / openStrings);
  return Math.min(mostLength, Math.max(leastLength, share));
}
