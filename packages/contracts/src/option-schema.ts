import type { JsonObject } from "./json.js";

/**
 * Options cross the plugin border as Standard Schema (standardschema.dev, version 1; zod, valibot and arktype give it) or as
 * JSON Schema (draft 2020-12), never as an instance of somebody's library. A Standard Schema that also carries
 * `~standard.jsonSchema` shows its options in `unshift explain` and in editors.
 */
export type OptionSchema<Options> = StandardSchema<Options> | JsonSchema<Options>;

/** A JSON Schema of an object; defaults are applied. `Options` is what the factory receives. */
export interface JsonSchema<Options> {
  readonly type: "object";
  readonly properties: Readonly<Record<string, JsonObject>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
  readonly __options?: Options;
}

export interface StandardSchema<Options> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Options> | Promise<StandardResult<Options>>;
    readonly types?: { readonly input: unknown; readonly output: Options } | undefined;
    readonly jsonSchema?:
      | { readonly input: (options: { readonly target: string }) => Record<string, unknown> }
      | undefined;
  };
}

export type StandardResult<Options> =
  | { readonly value: Options; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
