import type { ModelSpec } from "../config/experiment.js";

/**
 * What of a model's placement belongs in keys: on another kind of device, or split otherwise, sums are added in another order. Where a
 * server listens and how the file is read change nothing, so a server may move. Nothing where nothing is written.
 */
export function placementKey(spec: ModelSpec | undefined): { readonly placement?: Readonly<Record<string, unknown>> } {
  if (spec === undefined) return {};
  const { devices, rpc, tensorSplit, splitMode, mainGpu } = spec.placement;
  const written = Object.entries({
    devices,
    rpc: rpc.length === 0 ? null : rpc.length,
    tensorSplit,
    splitMode,
    mainGpu,
  });
  const given = written.filter(([, value]) => value !== null);
  return given.length === 0 ? {} : { placement: Object.fromEntries(given) };
}
