import type { Sample } from "@unshift/contracts";

/** The conversation a sample belongs to, as the id of its first sample. */
export type ConversationOf = (sampleId: string) => string;

/**
 * Samples that follow each other (`follows`: the second turn of a chat) are one conversation: what a system said first stands in the
 * context of what it says next, so they are not independent. A conversation is named by its first sample, also where the run
 * holds only later ones; samples that follow each other in a circle are named by the smallest of their ids.
 */
export function conversationsOf(samples: readonly Sample[]): ConversationOf {
  const follows = new Map(
    samples.flatMap(({ id, follows: earlier }) => (earlier === undefined ? [] : [[id, earlier]])),
  );
  const roots = new Map<string, string>();
  const rootOf = (id: string): string => {
    const seen: string[] = [];
    let at = id;
    for (;;) {
      const known = roots.get(at);
      const earlier = follows.get(at);
      if (known !== undefined || earlier === undefined) {
        at = known ?? at;
        break;
      }
      const circle = seen.indexOf(at);
      if (circle >= 0) {
        at = seen.slice(circle).sort()[0] ?? at;
        break;
      }
      seen.push(at);
      at = earlier;
    }
    for (const sample of seen) roots.set(sample, at);
    return at;
  };
  return rootOf;
}
