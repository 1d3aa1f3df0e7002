import type { Json, JsonObject } from "@unshift/contracts";
import { type Bounds, decimalRange, decimals } from "./decimal-range.js";
import { exclusive, typeOf, valuesOf } from "./exclusive.js";
import { followReference } from "./follow-reference.js";
import { either, GrammarRules, literal } from "./grammar-rules.js";
import { integerRange } from "./integer-range.js";
import { isObject } from "./json-object.js";
import { checkKeywords, type JsonType, keywordsOfTypes, typesOf } from "./keywords.js";
import { objectRule } from "./object-rule.js";
import { below, schemaFault } from "./schema-fault.js";
import { stringRule } from "./string-rule.js";

/** What is spelled by one schema, and how long it can become. */
interface Written {
  /** A GBNF sequence. */
  readonly text: string;
  /** Most characters, those within strings without `maxLength` left out. Infinite where a schema refers to itself. */
  readonly characters: number;
  /** Most strings without `maxLength`. */
  readonly openStrings: number;
}

/** Items of a list that names no `maxItems`. */
const defaultMaxItems = 16;
/** Numbers without bounds: every one of them, and six decimals, is exact as a double of 53 bits. */
const largestNumber = 999_999_999;

/** Turns schemas into GBNF. `openLength`: characters of a string that names no `maxLength`. */
export class SchemaWriter {
  private readonly rules = new GrammarRules();
  private readonly references = new Map<JsonObject, { readonly name: string; written: Written | null }>();

  constructor(
    private readonly root: JsonObject,
    private readonly openLength: number,
  ) {}

  grammar(): { readonly text: string } & Pick<Written, "characters" | "openStrings"> {
    const { text, characters, openStrings } = this.write(this.root, "#");
    return { text: this.rules.text(text), characters, openStrings };
  }

  private write(schema: Json | undefined, pointer: string): Written {
    if (!isObject(schema)) {
      throw schemaFault(pointer, schema === true ? "it allows any value; give a type" : "it is no schema of a value");
    }
    if (schema.$ref !== undefined) {
      checkKeywords(schema, ["$ref"], pointer);
      return this.reference(schema.$ref, below(pointer, "$ref"));
    }
    for (const key of ["anyOf", "oneOf"] as const) {
      if (schema[key] !== undefined) {
        checkKeywords(schema, [key], pointer);
        return this.alternatives(schema[key], key === "oneOf", below(pointer, key));
      }
    }
    const values = valuesOf(schema);
    if (values !== null) {
      return this.values(schema, values, pointer);
    }
    const types = typesOf(schema, pointer);
    checkKeywords(schema, keywordsOfTypes(types), pointer);
    const spelled = types.filter((type) => type !== "integer" || !types.includes("number"));
    return longest(spelled.map((type) => this.ofType(type, schema, pointer)));
  }

  private ofType(type: JsonType, schema: JsonObject, pointer: string): Written {
    switch (type) {
      case "object":
        return this.object(schema, pointer);
      case "array":
        return this.array(schema, pointer);
      case "string":
        return this.string(schema, pointer);
      case "integer":
      case "number":
        return this.number(type, schema, pointer);
      case "boolean":
        return fixed('("true" | "false")', 5);
      case "null":
        return fixed('"null"', 4);
    }
  }

  private reference(reference: Json, pointer: string): Written {
    const target = followReference(this.root, reference, pointer);
    const known = this.references.get(target);
    if (known !== undefined) {
      return known.written ?? { text: known.name, characters: Number.POSITIVE_INFINITY, openStrings: 0 };
    }
    const entry: { name: string; written: Written | null } = { name: this.rules.reserve(), written: null };
    this.references.set(target, entry);
    const written = this.write(target, String(reference));
    this.rules.define(entry.name, written.text);
    entry.written = { ...written, text: entry.name };
    return entry.written;
  }

  private alternatives(list: Json, one: boolean, pointer: string): Written {
    if (!Array.isArray(list) || list.length === 0) {
      throw schemaFault(pointer, "it must be a list of schemas");
    }
    const written = list.map((schema, index) => this.write(schema, below(pointer, index)));
    const follow = (schema: JsonObject): JsonObject =>
      schema.$ref === undefined ? schema : followReference(this.root, schema.$ref, pointer);
    for (const [index, schema] of one ? list.entries() : []) {
      const other = list.findIndex((later, at) => at > index && !exclusive(schema, later, follow));
      if (other >= 0) {
        throw schemaFault(pointer, `a value could be of alternative ${index} and of ${other} both; anyOf allows that`);
      }
    }
    return longest(written);
  }

  private values(schema: JsonObject, values: readonly Json[], pointer: string): Written {
    checkKeywords(schema, ["type", schema.const === undefined ? "enum" : "const"], pointer);
    const types = schema.type === undefined ? null : typesOf(schema, pointer);
    const fits = (value: Json) => {
      const type = typeOf(value);
      return types === null || types.includes(type) || (type === "integer" && types.includes("number"));
    };
    const texts = values.filter(fits).map((value) => JSON.stringify(value));
    if (texts.length === 0) {
      throw schemaFault(pointer, "no value is allowed");
    }
    return fixed(either(texts.map(literal)), Math.max(...texts.map((text) => text.length)));
  }

  private object(schema: JsonObject, pointer: string): Written {
    const properties = schema.properties;
    if (!isObject(properties)) {
      throw schemaFault(below(pointer, "properties"), "an object's properties must be named");
    }
    const required = schema.required ?? [];
    const unnamed = Array.isArray(required)
      ? required.find((key) => !Object.hasOwn(properties, String(key)))
      : required;
    if (!Array.isArray(required) || unnamed !== undefined) {
      throw schemaFault(below(pointer, "required"), `${JSON.stringify(unnamed)} is none of the properties`);
    }
    let [characters, openStrings] = [2, 0];
    const members = Object.entries(properties).map(([key, property]) => {
      const value = this.write(property, below(pointer, "properties", key));
      characters += JSON.stringify(key).length + 2 + value.characters;
      openStrings += value.openStrings;
      return { key, value: value.text, required: required.includes(key) };
    });
    return { text: objectRule(this.rules, members), characters, openStrings };
  }

  private array(schema: JsonObject, pointer: string): Written {
    const least = count(schema, "minItems", pointer) ?? 0;
    const most = count(schema, "maxItems", pointer) ?? Math.max(least, defaultMaxItems);
    ordered(least, most, below(pointer, "maxItems"));
    if (most === 0) {
      return fixed('"[]"', 2);
    }
    const item = this.write(schema.items, below(pointer, "items"));
    // A rule by itself: llama.cpp counts what a repeated group spells out against its limit.
    const one = this.rules.rule(item.text);
    const items = most === 1 ? one : `${one} ("," ${one}){${Math.max(0, least - 1)},${most - 1}}`;
    return {
      text: this.rules.rule(`"[" ${least === 0 ? `(${items})?` : items} "]"`),
      characters: 1 + most * (item.characters + 1),
      openStrings: most * item.openStrings,
    };
  }

  private string(schema: JsonObject, pointer: string): Written {
    const least = count(schema, "minLength", pointer) ?? 0;
    const named = count(schema, "maxLength", pointer);
    const most = named ?? Math.max(least, this.openLength);
    ordered(least, most, below(pointer, "maxLength"));
    const text = stringRule(this.rules, least, most);
    return named === undefined ? { text, characters: 2, openStrings: 1 } : fixed(text, 2 + most);
  }

  private number(type: "integer" | "number", schema: JsonObject, pointer: string): Written {
    const bounds = boundsOf(schema, type, pointer);
    const inner = type === "integer" ? integers(bounds) : bounds;
    const spelled = type === "integer" ? integerRange(inner.low, inner.high) : decimalRange(inner);
    if (spelled.length === 0) {
      throw schemaFault(pointer, "no number lies within the bounds");
    }
    const digits = Math.max(String(inner.low).length, String(inner.high).length);
    return fixed(this.rules.rule(either(spelled)), type === "integer" ? digits : digits + 1 + decimals);
  }
}

const fixed = (text: string, characters: number): Written => ({ text, characters, openStrings: 0 });

function longest(alternatives: readonly Written[]): Written {
  return {
    text: either(alternatives.map(({ text }) => text)),
    characters: Math.max(...alternatives.map(({ characters }) => characters)),
    openStrings: Math.max(...alternatives.map(({ openStrings }) => openStrings)),
  };
}

function boundsOf(schema: JsonObject, type: "integer" | "number", pointer: string): Bounds {
  const bound = (key: string): number | null => {
    const value = schema[key];
    if (value === undefined) {
      return null;
    }
    const whole = type === "integer" || Number.isInteger(value);
    if (typeof value !== "number" || !whole || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      throw schemaFault(
        below(pointer, key),
        `${JSON.stringify(value)} is not ${type === "integer" ? "a number" : "an integer"} that is exact as a double`,
      );
    }
    return value;
  };
  const [minimum, above] = [bound("minimum"), bound("exclusiveMinimum")];
  const [maximum, under] = [bound("maximum"), bound("exclusiveMaximum")];
  const [given, limit] = [
    Math.max(minimum ?? -Infinity, above ?? -Infinity),
    Math.min(maximum ?? Infinity, under ?? Infinity),
  ];
  return {
    low: Number.isFinite(given) ? given : Math.min(-largestNumber, limit),
    high: Number.isFinite(limit) ? limit : Math.max(largestNumber, given),
    withoutLow: above !== null && above === given,
    withoutHigh: under !== null && under === limit,
  };
}

/** The integers within. */
function integers({ low, high, withoutLow, withoutHigh }: Bounds): Bounds {
  const [first, last] = [Math.ceil(low), Math.floor(high)];
  return {
    low: withoutLow && first === low ? first + 1 : first,
    high: withoutHigh && last === high ? last - 1 : last,
    withoutLow: false,
    withoutHigh: false,
  };
}

/** Longest lists and strings that are worth a grammar. */
const largestCount = { minItems: 1000, maxItems: 1000, minLength: 100_000, maxLength: 100_000 };

function count(schema: JsonObject, key: keyof typeof largestCount, pointer: string): number | undefined {
  const value = schema[key];
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw schemaFault(below(pointer, key), `${JSON.stringify(value)} is not a number of anything`);
  }
  // Fewer than allowed are allowed too; more than needed are not.
  if (value > largestCount[key] && key.startsWith("min")) {
    throw schemaFault(below(pointer, key), `${value} is more than the ${largestCount[key]} that can be counted`);
  }
  return Math.min(value, largestCount[key]);
}

function ordered(least: number, most: number, pointer: string): void {
  if (least > most) {
    throw schemaFault(pointer, `${most} is less than the ${least} that there must be`);
  }
}
