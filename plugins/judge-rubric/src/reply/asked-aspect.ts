/** Numbers from `min` to `max`, both among them. */
export interface NumberScale {
  readonly type: "number";
  readonly min: number;
  readonly max: number;
  /** Only whole numbers. */
  readonly whole: boolean;
}

/** One of several words, each worth a score. */
export interface ChoiceScale {
  readonly type: "choice";
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly label: string;
  readonly score: number;
  /** What else a judge may write for it, apart from case and decoration. */
  readonly spellings?: readonly string[];
}

export type Scale = NumberScale | ChoiceScale;

/** One thing a judge is asked for in a reply. */
export interface AskedAspect {
  readonly id: string;
  /** What else its key or label may say: its title. */
  readonly title: string;
  readonly scale: Scale;
}
