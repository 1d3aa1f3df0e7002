import type { Json, JsonObject, PluginKind } from "@unshift/contracts";
import { z } from "zod";
import type { PluginRegistry, Registered } from "../plugins/plugin-registry.js";
import { shortMarker, useMarker, writtenSchemas } from "./experiment-schema.js";

/**
 * JSON Schema (2020-12) of the experiment file as people write it, short forms included, for editors
 * (`# yaml-language-server: $schema=…`). With a registry every `use` offers the loaded contributions and their options; without one any
 * id is allowed. What a file may leave to the one it `extends` is not required here: loading the experiment is the last word.
 */
export function experimentJsonSchema(registry?: PluginRegistry): JsonObject {
  const written = z.toJSONSchema(writtenSchemas.block, { io: "input" }) as JsonObject;
  const definitions: Record<string, Json> = {};
  const properties = objectOf(written.properties);
  const { $schema } = written;
  const required = Array.isArray(written.required) ? written.required : [];
  const block = matrixBlock(objectOf(properties.matrix), registry, definitions);
  return {
    $schema: $schema ?? null,
    title: "Unshift experiment",
    description: "Which models answer which questions with which strategies, and what is compared.",
    type: "object",
    properties: {
      extends: {
        description: "Experiment files this one is laid over, relative to this file; later ones win.",
        anyOf: [
          { type: "string", minLength: 1 },
          { type: "array", items: { type: "string", minLength: 1 } },
        ],
      },
      ...mapped(properties, (schema) => fillUses(schema, registry, definitions, false)),
      judgeEngines: named(objectOf(properties.judgeEngines), (engine) =>
        fillUses(engine, registry, definitions, false),
      ),
      models: named(objectOf(properties.models), (model) => ({
        ...(model.description === undefined ? {} : { description: model.description }),
        anyOf: [{ type: "string", minLength: 1 }, without(model, "required", "description")],
      })),
      systems: named(objectOf(properties.systems), (system) =>
        without(
          {
            ...system,
            properties: mapped(objectOf(system.properties), (part) => fillUses(part, registry, definitions, false)),
          },
          "required",
        ),
      ),
      matrix: {
        description: objectOf(properties.matrix).description ?? "",
        anyOf: [{ $ref: blockRef }, { type: "array", items: { $ref: blockRef } }],
      },
    },
    additionalProperties: false,
    anyOf: [{ required: ["extends"] }, { required: [...required, "systems"] }, { required: [...required, "matrix"] }],
    $defs: { ...definitions, matrixBlock: block },
  };
}

const blockRef = "#/$defs/matrixBlock";

/** A block of a matrix, its axes in all the forms they can be written in. */
function matrixBlock(
  block: JsonObject,
  registry: PluginRegistry | undefined,
  definitions: Record<string, Json>,
): JsonObject {
  const { model, strategy, decoding, exclude } = objectOf(block.properties) as Readonly<Record<string, JsonObject>>;
  const name: JsonObject = { type: "string", minLength: 1 };
  const one = (axis: JsonObject | undefined) =>
    fillUses(objectOf(axis?.additionalProperties), registry, definitions, false);
  definitions.strategy = one(strategy);
  definitions.decoding = one(decoding);
  const axis = (schema: JsonObject | undefined, value: string, single: JsonObject): JsonObject => ({
    description: schema?.description ?? "",
    anyOf: [
      single,
      { type: "array", items: { $ref: value }, minItems: 1 },
      { type: "object", additionalProperties: { $ref: value }, minProperties: 1 },
    ],
  });
  const names = (schema: JsonObject): JsonObject => ({
    description: schema.description ?? "",
    anyOf: [name, { type: "array", items: name, minItems: 1 }],
  });
  const excluded = objectOf(exclude?.items);
  return {
    description: "Systems made of every combination of the axes.",
    type: "object",
    properties: {
      model: names(model ?? {}),
      strategy: axis(strategy, "#/$defs/strategy", name),
      decoding: axis(decoding, "#/$defs/decoding", name),
      exclude: { ...exclude, items: { ...excluded, properties: mapped(objectOf(excluded.properties), names) } },
    },
    additionalProperties: false,
  };
}

/** A schema with every marked place offering short and long forms. `whole`: the place is in a list, which is never merged. */
function fillUses(
  schema: JsonObject,
  registry: PluginRegistry | undefined,
  definitions: Record<string, Json>,
  whole: boolean,
): JsonObject {
  const kind = schema[useMarker];
  if (typeof kind === "string") return usesOf(kind as PluginKind, schema, registry, definitions, whole);
  const short = schema[shortMarker];
  if (typeof short === "string") return shortOrLong(schema, objectOf(objectOf(schema.properties)[short]));
  return isObject(schema.items) ? { ...schema, items: fillUses(schema.items, registry, definitions, true) } : schema;
}

/** A map that one value may stand for; it may leave keys to the file that is extended. */
function shortOrLong(schema: JsonObject, short: JsonObject): JsonObject {
  return {
    description: schema.description ?? "",
    anyOf: [short, without(schema, "description", "required", shortMarker)],
  };
}

function usesOf(
  kind: PluginKind,
  schema: JsonObject,
  registry: PluginRegistry | undefined,
  definitions: Record<string, Json>,
  whole: boolean,
): JsonObject {
  const own = objectOf(schema.properties);
  const description = schema.description ?? "";
  const needsUse = whole ? { required: ["use"] } : {};
  if (registry === undefined) {
    return {
      description,
      anyOf: [
        { type: "string", minLength: 1 },
        { type: "object", properties: own, ...needsUse, additionalProperties: true },
      ],
    };
  }
  const offered = registry.list().filter((registered) => registered.kind === kind);
  const short = offered.map(({ id, contribution }) => ({ const: id, description: contribution.summary }));
  const long = offered.map((registered) => longForm(registered, own, registry, definitions, whole));
  // No contribution, no value: an empty anyOf is not a schema.
  return short.length === 0 ? { description, not: {} } : { description, anyOf: [...short, ...long] };
}

function longForm(
  registered: Registered,
  own: JsonObject,
  registry: PluginRegistry,
  definitions: Record<string, Json>,
  whole: boolean,
): JsonObject {
  const { kind, id, contribution } = registered;
  const use = { const: id, description: contribution.summary };
  const form = { type: "object", description: contribution.summary };
  const options = contribution.options === undefined ? { properties: {} } : registry.optionsJsonSchema(registered);
  const required = (more: Json | undefined): JsonObject =>
    whole ? { required: ["use", ...(Array.isArray(more) ? more : [])] } : {};
  // A schema that cannot tell its options allows all.
  if (options === null) return { ...form, properties: { ...own, use }, ...required([]), additionalProperties: true };
  const name = `${kind}.${id.replaceAll("/", ".")}`;
  const moved = movedRefs(options, `#/$defs/${name}`) as JsonObject;
  if (JSON.stringify(options).includes('"$ref":"#')) definitions[name] = moved;
  return {
    ...without(
      moved,
      "$defs",
      "definitions",
      "required",
      "additionalProperties",
      "unevaluatedProperties",
      "description",
      "title",
    ),
    ...form,
    properties: { ...objectOf(moved.properties), ...own, use },
    ...required(moved.required),
    additionalProperties: moved.additionalProperties ?? false,
  };
}

/** References inside a schema that moves below another root. */
function movedRefs(value: Json, base: string): Json {
  if (isList(value)) return value.map((item) => movedRefs(item, base));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "$ref" && typeof item === "string" && item.startsWith("#") ? base + item.slice(1) : movedRefs(item, base),
    ]),
  );
}

/** A map whose keys a person chooses, with its values' schema changed. */
function named(schema: JsonObject, change: (value: JsonObject) => JsonObject): JsonObject {
  return { ...schema, additionalProperties: change(objectOf(schema.additionalProperties)) };
}

function mapped(properties: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(objectOf(value))]));
}

function without(schema: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
