import type { SummaryHeader } from "../../payload/format.js";

type System = SummaryHeader["systems"][number];

/** `base · urial`; of a system known by its answers alone, that. Empty where there is no such system. */
export function systemText(system: Pick<System, "model" | "strategy"> | undefined): string {
  if (system === undefined) return "";
  const parts = [system.model, system.strategy].filter((part) => part !== null);
  return parts.length === 0 ? "answers made elsewhere" : parts.join(" · ");
}
