import { createRequire } from "node:module";

const { version: own } = createRequire(import.meta.url)("../../package.json") as { readonly version: string };

/** Version of this build. */
export const version: string = own;
