import { tell } from "./output/print.js";

/** A signal that Ctrl-C (or SIGTERM) aborts; a second Ctrl-C ends the process at once. @param kept what happens to work done so far */
export function interruptSignal(kept = "finished items are being saved"): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) {
      process.exit(130);
    }
    tell(`\nstopping: ${kept} (Ctrl-C again ends at once)`);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
