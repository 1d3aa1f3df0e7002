/** What was asked of a fake engine, in order: proves that a resumed run computes nothing twice. */
export interface FakeCalls {
  /** Names of opened models. */
  readonly opened: string[];
  /** Prompts whose answer was begun. */
  readonly generated: { readonly model: string; readonly prompt: string }[];
  readonly compared: { readonly reference: string; readonly subject: string; readonly positions: number }[];
  /** Answers scored without a reference. */
  readonly scored: { readonly subject: string; readonly positions: number }[];
  /** Texts that got a row; `model` is an open model's name or the path an embedder was opened from. */
  readonly embedded: { readonly model: string; readonly text: string }[];
  /** Pairs that got scores; `path` is the ranker's file. */
  readonly ranked: { readonly path: string; readonly question: string | null; readonly answer: string }[];
  /** Names of closed models, paths of closed rankers. */
  readonly disposed: string[];
}
