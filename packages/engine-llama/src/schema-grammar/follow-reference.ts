import type { Json, JsonObject } from "@unshift/contracts";
import { isObject } from "./json-object.js";
import { schemaFault } from "./schema-fault.js";

/** What `#/$defs/…`, or any other pointer into the schema, leads to. */
export function followReference(root: JsonObject, reference: Json, pointer: string): JsonObject {
  if (typeof reference !== "string" || !/^#(?:\/|$)/.test(reference)) {
    throw schemaFault(
      pointer,
      `${JSON.stringify(reference)} does not lead into the schema itself; it must begin with #/`,
    );
  }
  let at: Json | undefined = root;
  for (const part of reference.split("/").slice(1)) {
    const key = decoded(part, reference, pointer).replaceAll("~1", "/").replaceAll("~0", "~");
    at = isObject(at) && Object.hasOwn(at, key) ? at[key] : Array.isArray(at) ? at[Number(key)] : undefined;
  }
  if (!isObject(at)) {
    throw schemaFault(pointer, `there is no schema at ${reference}`);
  }
  return at;
}

function decoded(part: string, reference: string, pointer: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw schemaFault(pointer, `${JSON.stringify(reference)} is no pointer: a % stands before two hexadecimal digits`);
  }
}
