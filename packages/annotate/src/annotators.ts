import type { Aspect, JsonObject } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import { tableAspect } from "./aspects.js";
import type { Mode, ShownAspect } from "./protocol.js";
import { judgeIdOf } from "./rater-name.js";

/** What the manifest says of a rater: a judge as others are, under `experiment.annotators`. */
interface Annotator {
  readonly id: string;
  readonly use: "human";
  readonly version: string;
  readonly options: JsonObject;
  readonly aspects: readonly Aspect[];
  /** ISO 8601: when the rater was told which system was which. */
  readonly ended?: string;
}

/** The raters in a run's manifest. */
export class Annotators {
  constructor(
    private readonly store: RunStore,
    private readonly mode: Mode,
    private readonly aspects: readonly ShownAspect[],
    private readonly seed: number,
  ) {}

  hasEnded(rater: string): boolean {
    return this.find(rater)?.ended !== undefined;
  }

  /** Names the rater, so that tables count the verdicts; what was rated earlier by other aspects stays named. */
  async enter(rater: string): Promise<void> {
    const found = this.find(rater);
    const asked = this.aspects.map((aspect) => tableAspect(this.mode, aspect));
    const earlier = (found?.aspects ?? []).filter(({ id }) => !asked.some((aspect) => aspect.id === id));
    const entry = this.entry(rater, [...asked, ...earlier]);
    const same = JSON.stringify({ ...entry, ...(found?.ended === undefined ? {} : { ended: found.ended }) });
    if (JSON.stringify(found) !== same)
      await this.write({ ...entry, ...(found?.ended === undefined ? {} : { ended: found.ended }) });
  }

  /** From now on the rater knows the key. */
  async end(rater: string, when: Date): Promise<void> {
    const found =
      this.find(rater) ??
      this.entry(
        rater,
        this.aspects.map((aspect) => tableAspect(this.mode, aspect)),
      );
    if (found.ended === undefined) await this.write({ ...found, ended: when.toISOString() });
  }

  private entry(rater: string, aspects: readonly Aspect[]): Annotator {
    return { id: judgeIdOf(rater), use: "human", version: "1", options: { mode: this.mode, seed: this.seed }, aspects };
  }

  private all(): readonly Annotator[] {
    return (this.store.manifest().experiment["annotators"] ?? []) as unknown as readonly Annotator[];
  }

  private find(rater: string): Annotator | undefined {
    return this.all().find(({ id }) => id === judgeIdOf(rater));
  }

  private async write(entry: Annotator): Promise<void> {
    const { experiment } = this.store.manifest();
    const others = this.all().filter(({ id }) => id !== entry.id);
    const annotators = [...others, entry].sort((a, b) => (a.id < b.id ? -1 : 1));
    await this.store.updateManifest({
      experiment: { ...experiment, annotators: annotators as unknown as JsonObject[] },
    });
  }
}
