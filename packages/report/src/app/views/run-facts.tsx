import type { Json } from "@unshift/contracts";
import type { VNode } from "preact";
import { useReport } from "../state/report-context.js";
import { count } from "../text/format.js";
import { datasetLine, isObject, machineLine, modelLine, shortFacts } from "../text/run-facts-text.js";
import { systemText } from "../text/system-text.js";

/** What exactly was run: models, systems, decoding, dataset, numerics. */
export function RunFacts(): VNode {
  const { data } = useReport();
  const { manifest, systems, samples } = data.summary;
  const decoding = decodingLines(manifest.experiment.systems);
  return (
    <section aria-labelledby="run-facts">
      <h2 id="run-facts">What was compared</h2>
      <dl class="facts">
        {Object.entries(manifest.models).map(([name, model]) => (
          <div>
            <dt>Model {name}</dt>
            <dd>
              <bdi>{modelLine(model)}</bdi>
            </dd>
          </div>
        ))}
        <div>
          <dt>Systems</dt>
          <dd>
            {systems.map((system) => (
              <span class="line">
                <b>{system.id}</b> = {systemText(system)}
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>Samples</dt>
          <dd>
            {count(samples.length)} <span class="muted">{datasetLine(manifest.dataset)}</span>
          </dd>
        </div>
        {decoding.length === 0 ? null : (
          <div>
            <dt>Decoding</dt>
            <dd>
              {decoding.map((line) => (
                <span class="line">
                  {line.systems}
                  {line.text}
                </span>
              ))}
            </dd>
          </div>
        )}
        <div>
          <dt>Engine</dt>
          <dd>
            {manifest.engine} · numerics {manifest.numerics}
          </dd>
        </div>
        <div>
          <dt>Machine</dt>
          <dd>{machineLine(manifest.machine)}</dd>
        </div>
        <div>
          <dt>Run</dt>
          <dd>
            {moment(manifest.createdAt)} · Unshift {manifest.unshiftVersion} · key{" "}
            <code>{manifest.experimentKey.slice(0, 12)}</code>
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** How each system decodes; one line where all do alike. */
function decodingLines(systems: Json | undefined): { readonly systems: string; readonly text: string }[] {
  const lines = new Map<string, string[]>();
  for (const system of Array.isArray(systems) ? systems : []) {
    if (!isObject(system) || !isObject(system.decoding)) continue;
    const text = shortFacts(system.decoding);
    lines.set(text, [...(lines.get(text) ?? []), String(system.id)]);
  }
  return [...lines].map(([text, ids]) => ({ systems: lines.size === 1 ? "" : `${ids.join(", ")}: `, text }));
}

/** `2026-01-15 10:20 UTC` */
function moment(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d.*Z$/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}
