import { UnshiftError } from "@unshift/contracts";

type Native = typeof import("@unshift/native");

let loading: Promise<Native> | undefined;

/** Loads the addon on first use, so that commands which need no model start fast. */
export function loadNative(): Promise<Native> {
  loading ??= import("@unshift/native").catch((cause: unknown) => {
    loading = undefined;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UnshiftError("NATIVE_LOAD_FAILED", message, {
      cause,
      hint: "Run `npm run setup` in the repository; `unshift doctor` shows what is missing.",
    });
  });
  return loading;
}
