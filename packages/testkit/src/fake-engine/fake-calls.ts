/** What was asked of a fake engine, in order: proves that a resumed run computes nothing twice. */
export interface FakeCalls {
  /** Names of opened models. */
  readonly opened: string[];
  /** Prompts whose answer was begun. */
  readonly generated: { readonly model: string; readonly prompt: string }[];
  readonly compared: { readonly reference: string; readonly subject: string; readonly positions: number }[];
  /** Names of closed models. */
  readonly disposed: string[];
}
