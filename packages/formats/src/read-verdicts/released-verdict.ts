import type { JsonObject, Preference } from "@unshift/contracts";
import type { Row, RowPlace } from "../read/row.js";

/** What a released file says a judge made of an answer. */
export type ReleasedOutcome =
  | {
      readonly status: "scored";
      /** Aspect → score, as the file has it. Of a single score the aspect is `overall`, of MT-bench `rating`. */
      readonly scores: Readonly<Record<string, number>>;
      /** Aspects that the judge says do not apply. */
      readonly notApplicable: readonly string[];
      readonly rationales: Readonly<Record<string, string>>;
    }
  | {
      readonly status: "preferred";
      readonly preferences: Readonly<Record<string, Preference>>;
      readonly rationales: Readonly<Record<string, string>>;
      /** How much of the preference goes to the answer, 0 to 1, where a file holds more than a choice. */
      readonly weight?: number;
    }
  /** It was judged, but the file holds no score: what the judge said was not read. */
  | { readonly status: "unread"; readonly reason: string }
  /** It is still to be judged. */
  | { readonly status: "pending" };

/** What was said of a pair in one of the two orders in which it was shown. */
export interface JudgedOrder {
  /** null: no preference was found in what the judge said. */
  readonly preference: Exclude<Preference, "inconsistent"> | null;
  readonly raw: string | null;
  readonly request: string | null;
}

/** One verdict of a released file, whatever the format. Read and written back, it is the same row. */
export interface ReleasedVerdict {
  readonly sampleId: string;
  /** Who wrote the answer. */
  readonly system: string;
  /** Who wrote the other one, where two were compared. */
  readonly against?: string;
  /** The model that judged; null where the file does not say. */
  readonly judge: string | null;
  /** The question, the answer and the other answer, where the file holds them. */
  readonly texts: { readonly instruction?: string; readonly answer?: string; readonly against?: string };
  readonly outcome: ReleasedOutcome;
  /** The answer in front, then the other one in front, where a file holds both orders; `outcome` is what they come to. */
  readonly orders?: readonly [JudgedOrder, JudgedOrder];
  /** What the judge said. */
  readonly raw: string | null;
  /** What it was asked. */
  readonly request: string | null;
  /** Fields of the row that say something else: times, prices, settings. Written back as they are. */
  readonly extras: JsonObject;
}

/** A verdict and where it stands. */
export interface ReadVerdict {
  readonly place: RowPlace;
  readonly verdict: ReleasedVerdict;
}

export interface VerdictReader {
  /** The fields that tell the format, for errors. */
  readonly marks: string;
  matches(row: Row): boolean;
  /** @throws DATASET_FIELD */
  read(row: Row): ReleasedVerdict;
}
