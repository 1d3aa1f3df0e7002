import type { JsonObject } from "@unshift/contracts";
import type { VNode } from "preact";
import { useReport } from "../state/report-context.js";
import { count } from "../text/format.js";

/** What exactly was run: models, systems, decoding, dataset, numerics. */
export function RunFacts(): VNode {
  const { data } = useReport();
  const { manifest, systems, samples } = data.summary;
  const decoding = manifest.experiment.decoding;
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
            {systems.map(({ id, model, strategy }) => (
              <span class="line">
                <b>{id}</b> = {model} · {strategy}
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>Samples</dt>
          <dd>
            {count(samples.length)} <span class="muted">{inline(manifest.dataset)}</span>
          </dd>
        </div>
        {isObject(decoding) ? (
          <div>
            <dt>Decoding</dt>
            <dd>{inline(decoding)}</dd>
          </div>
        ) : null}
        <div>
          <dt>Engine</dt>
          <dd>
            {manifest.engine} · numerics {manifest.numerics}
          </dd>
        </div>
        <div>
          <dt>Machine</dt>
          <dd>{inline(manifest.machine)}</dd>
        </div>
        <div>
          <dt>Run</dt>
          <dd>
            {manifest.createdAt} · Unshift {manifest.unshiftVersion} · key{" "}
            <code>{manifest.experimentKey.slice(0, 16)}</code>
          </dd>
        </div>
      </dl>
    </section>
  );
}

function modelLine(model: JsonObject): string {
  const parameters = typeof model.parameters === "number" ? `${parameterText(model.parameters)} parameters` : null;
  const vocabulary = typeof model.vocabularySize === "number" ? `vocabulary of ${count(model.vocabularySize)}` : null;
  const hash = typeof model.fileHash === "string" ? model.fileHash.slice(0, 19) : null;
  const described = typeof model.description === "string" ? model.description : null;
  const parts = [described, parameters, vocabulary, hash].filter((part) => part !== null);
  return parts.length === 0 ? inline(model) : parts.join(" · ");
}

function parameterText(parameters: number): string {
  if (parameters >= 1e9) return `${(parameters / 1e9).toFixed(1)} B`;
  return parameters >= 1e6 ? `${(parameters / 1e6).toFixed(1)} M` : count(parameters);
}

/** A small object on one line; what nests deeper stays JSON. */
function inline(value: JsonObject): string {
  return Object.entries(value)
    .map(([name, entry]) => `${name} ${typeof entry === "string" ? entry : JSON.stringify(entry)}`)
    .join(" · ");
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
