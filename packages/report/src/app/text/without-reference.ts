/** Said wherever figures of answers stand that came without a model. */
export const withoutReferenceText =
  "These answers came without a model: their ids are the text tokenised anew, and nothing is known of a reference, so there is no KL.";
