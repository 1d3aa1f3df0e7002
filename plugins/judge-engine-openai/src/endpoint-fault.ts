import { type ErrorCode, UnshiftError } from "@unshift/contracts";

type JudgeCode = Extract<
  ErrorCode,
  "JUDGE_UNREACHABLE" | "JUDGE_UNAUTHORIZED" | "JUDGE_MODEL" | "JUDGE_RATE_LIMITED" | "JUDGE_RESPONSE"
>;

interface FaultParts {
  /** What it is when it stays. */
  readonly code: JudgeCode;
  /** Whether another try may go better. */
  readonly passes: boolean;
  readonly hint?: string | undefined;
  /** How long the endpoint asks to wait. */
  readonly waitMs?: number | null;
  /** How long its quota needs at most, where it asks for no wait. */
  readonly resetMs?: number | null;
  /** HTTP status and the endpoint's words, where it answered. */
  readonly status?: number;
  readonly words?: string;
}

/** One try that went wrong. Holds no secret: its texts were masked before. */
export class EndpointFault extends Error {
  override readonly name = "EndpointFault";
  readonly code: JudgeCode;
  readonly passes: boolean;
  readonly hint: string | undefined;
  readonly waitMs: number | null;
  readonly resetMs: number | null;
  readonly status: number | null;
  readonly words: string;

  constructor(message: string, parts: FaultParts) {
    super(message);
    this.code = parts.code;
    this.passes = parts.passes;
    this.hint = parts.hint;
    this.waitMs = parts.waitMs ?? null;
    this.resetMs = parts.resetMs ?? null;
    this.status = parts.status ?? null;
    this.words = parts.words ?? "";
  }

  /** What the user is told. @param tries how often the request was sent */
  forUser(tries: number): UnshiftError {
    const message = this.passes && tries > 1 ? `${this.message}, ${tries} times` : this.message;
    return new UnshiftError(this.code, message, { hint: this.hint });
  }

  /** The same, where the endpoint asks for a longer wait than it is given. */
  tooLong(mostMs: number): EndpointFault {
    const seconds = (ms: number) => `${Math.ceil(ms / 1000)} s`;
    return new EndpointFault(
      `${this.message}; it asks to wait ${seconds(this.waitMs ?? 0)}, longer than maxRetryAfterSeconds (${seconds(mostMs)})`,
      {
        code: "JUDGE_RATE_LIMITED",
        passes: false,
        hint: "Give the command again later: it goes on where it stopped. Or raise `maxRetryAfterSeconds`.",
      },
    );
  }
}

/** Not a fault: the endpoint's content filter does not let the request through. */
export class Withheld extends Error {
  override readonly name = "Withheld";
}
