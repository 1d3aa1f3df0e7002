import type { Json, JsonObject } from "@unshift/contracts";

/** One place where two experiments differ; undefined where one of them has nothing there. */
export interface Difference {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Where `after` differs from `before`, by dotted path (`systems.urial.decoding.temperature`), in the order of the keys. */
export function differences(before: Json | undefined, after: Json | undefined, path = ""): Difference[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      differences(own(before, key), own(after, key), path === "" ? key : `${path}.${key}`),
    );
  }
  if (isList(before) && isList(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, at) => differences(before[at], after[at], `${path}[${at}]`)).flat();
  }
  return Object.is(before, after) || JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** Where two maps of maps differ in what both have: an id that only one of them has is no difference. */
export function differencesInCommon(before: JsonObject, after: JsonObject): Difference[] {
  return Object.keys(before).flatMap((kind) => {
    const [one, other] = [before[kind], own(after, kind)];
    if (!isObject(one) || !isObject(other)) return differences(one, other, kind);
    const ids = Object.keys(one).filter((id) => Object.hasOwn(other, id));
    return ids.flatMap((id) => differences(one[id], other[id], `${kind}.${id}`));
  });
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** For people: one line a difference, at most `limit`, then how many more there are. */
export function describeDifferences(found: readonly Difference[], limit = 10): string[] {
  const lines = found
    .slice(0, limit)
    .map(({ path, before, after }) => `${path}: ${shown(before)} there, ${shown(after)} here`);
  return found.length > limit ? [...lines, `and ${found.length - limit} more`] : lines;
}
