import type { Model } from "@unshift/native";

/** Something whose weights come and go. */
export interface Resident {
  load(): Promise<Model>;
  /** Gives weights and contexts back. */
  unload(): void;
}

/** Weights that stay until their user leaves. */
interface Stay {
  readonly weights: Model;
  leave(): void;
}

/**
 * Weights of one model at a time: whoever computes enters, and another model's weights come only when nobody computes with those
 * that are there. Work of one model may overlap.
 */
export class Residence {
  private holder: Resident | null = null;
  private weights: Promise<Model> | null = null;
  private working = 0;
  private readonly waiting: (() => void)[] = [];

  /** Waits for the model's turn. Who enters leaves, or nobody else gets a turn. */
  async enter(model: Resident): Promise<Stay> {
    while (this.holder !== model && this.working > 0) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.working += 1;
    if (this.holder !== model) {
      this.giveBack();
      this.holder = model;
      this.weights = model.load();
    }
    const loading = this.weights as Promise<Model>;
    try {
      return { weights: await loading, leave: () => this.left() };
    } catch (error) {
      // Weights that could not be loaded are tried again by whoever comes next.
      if (this.weights === loading) this.giveBack();
      this.left();
      throw error;
    }
  }

  /** Runs `work` while the weights of `model` are there. */
  async during<Result>(model: Resident, work: (weights: Model) => Promise<Result>): Promise<Result> {
    const stay = await this.enter(model);
    try {
      return await work(stay.weights);
    } finally {
      stay.leave();
    }
  }

  /** Gives the weights back, if they are those of `model`. */
  release(model: Resident): void {
    if (this.holder === model) this.giveBack();
  }

  private left(): void {
    this.working -= 1;
    if (this.working === 0) for (const next of this.waiting.splice(0)) next();
  }

  private giveBack(): void {
    this.holder?.unload();
    this.holder = null;
    this.weights = null;
  }
}
