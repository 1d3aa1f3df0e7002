import { randomBytes } from "node:crypto";
import type { VerdictRecord } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import { Annotators } from "./annotators.js";
import { chosenAspects } from "./aspects.js";
import type { BlindKey, Mode, Progress, ShownAspect, ShownItem } from "./protocol.js";
import { RaterDesk } from "./rater-desk.js";
import { judgeIdOf, raterName, raterNameRule } from "./rater-name.js";
import { readRating } from "./read-rating.js";
import { Refusal } from "./refusal.js";
import { type RunMaterial, readMaterial } from "./run-material.js";

export interface AnnotationSettings {
  readonly mode: Mode;
  /** null: all. */
  readonly systems: readonly string[] | null;
  /** `id:min:max,…`; null: the usual ones of the mode. */
  readonly aspects: string | null;
  readonly seed: number;
  /** Whether raters are told at the end which system was which. */
  readonly reveal: boolean;
}

/** What a rater has done so far, for the end of the command. */
export type RaterSummary = Pick<Progress, "rater" | "rated" | "skipped" | "total">;

/** People's ratings of one run. What it gives out before a rater has ended names no system. */
export class Annotation {
  private readonly desks = new Map<string, RaterDesk>();
  private readonly annotators: Annotators;
  private readonly secret = randomBytes(16).toString("hex");
  /** One rating at a time: a double click is two requests, and one record. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly store: RunStore,
    private readonly settings: AnnotationSettings,
    private readonly material: RunMaterial,
    private readonly aspects: readonly ShownAspect[],
    private readonly stored: readonly VerdictRecord[],
  ) {
    this.annotators = new Annotators(store, settings.mode, aspects, settings.seed);
  }

  /** @throws USAGE, CONFIG_UNKNOWN_REFERENCE, DATASET_EMPTY */
  static async open(store: RunStore, settings: AnnotationSettings): Promise<Annotation> {
    const aspects = chosenAspects(settings.mode, settings.aspects, store.manifest());
    const material = await readMaterial(store, settings.mode, settings.systems);
    return new Annotation(store, settings, material, aspects, await store.verdicts());
  }

  progress(name: string): Progress {
    const desk = this.desk(name);
    return {
      rater: desk.rater,
      mode: this.settings.mode,
      aspects: this.aspects,
      total: desk.total,
      ...desk.counts(),
      ended: this.annotators.hasEnded(desk.rater),
      canReveal: this.settings.reveal,
    };
  }

  item(name: string, at: number): ShownItem {
    const shown = this.desk(name).shown(at);
    if (shown === null) throw new Refusal(404, "There is no such item.");
    return shown;
  }

  /** Kept on disk when it resolves. The same again changes nothing. Throws what the store throws. */
  rate(name: string, item: string, rating: unknown): Promise<Progress> {
    return this.inTurn(async () => {
      const desk = this.desk(name);
      const at = desk.placeOf(item);
      if (at === null) {
        throw new Refusal(404, "There is no such item. The command may have been started anew: reload the page.");
      }
      if (this.annotators.hasEnded(desk.rater)) {
        throw new Refusal(409, "This rater has seen which system was which: no more ratings are taken.");
      }
      const read = readRating(rating, this.settings.mode, this.aspects);
      if ("wrong" in read) throw new Refusal(400, read.wrong);
      const record = desk.verdictFor(at, read);
      if (record !== null) {
        await this.annotators.enter(desk.rater);
        await this.store.appendVerdict(record);
        desk.keep(record);
      }
      return this.progress(name);
    });
  }

  /** Ends the rater's judging for good and says which system was which. */
  reveal(name: string): Promise<BlindKey> {
    return this.inTurn(async () => {
      if (!this.settings.reveal)
        throw new Refusal(403, "The key is not given here: the command was started without --reveal.");
      const desk = this.desk(name);
      await this.annotators.end(desk.rater, new Date());
      return desk.blindKey();
    });
  }

  /** Raters who were here, by name. */
  summary(): RaterSummary[] {
    return [...this.desks.values()]
      .map((desk) => ({ rater: desk.rater, total: desk.total, ...desk.counts() }))
      .map(({ rater, rated, skipped, total }) => ({ rater, rated, skipped, total }))
      .sort((a, b) => (a.rater < b.rater ? -1 : 1));
  }

  /** Resolves when what was under way is kept. */
  async settle(): Promise<void> {
    await this.last;
  }

  private desk(name: string): RaterDesk {
    const rater = raterName(name);
    if (rater === null) throw new Refusal(400, raterNameRule);
    const found = this.desks.get(rater);
    if (found !== undefined) return found;
    const own = this.stored.filter(({ judge }) => judge === judgeIdOf(rater));
    const { mode, seed } = this.settings;
    if (own.some(({ against }) => (against !== undefined) !== (mode === "pairwise"))) {
      const other = mode === "pairwise" ? "single answers" : "pairs";
      throw new Refusal(
        409,
        `"${rater}" has rated ${other} in this run; tables need another name for these, such as "${rater}-${mode === "pairwise" ? "pairs" : "scores"}".`,
      );
    }
    const desk = new RaterDesk(rater, this.material, { mode, seed, aspects: this.aspects, secret: this.secret }, own);
    this.desks.set(rater, desk);
    return desk;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    // Whoever asked gets the fault through `result`; the next in line must not fail for it.
    this.last = result.catch(() => undefined);
    return result;
  }
}
