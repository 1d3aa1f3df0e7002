const of = `answer|reply|verdict|judge?ment|scores?|ratings?|json|version|evaluation|assessment`;
/** The whole text between two objects of a reply of which the first is taken back. */
const takesBack = new RegExp(
  `^(?:(?:so )?(?:here is |here are |this is )?(?:my |the )?(?:final|corrected|revised|updated)(?: json)?(?: (?:${of}))?(?: is| are)?|(?:on|upon) (?:further |closer )?reflection|on second thoughts?|correction)$`,
);

/**
 * The objects behind the last heading that takes back what stands before it: `On reflection:`, `### Final scores`. Nothing else
 * may stand between the two: prose there may as well introduce what the judged answer tried to slip in.
 */
export function saidLast<Thing extends { readonly before: string }>(objects: readonly Thing[]): readonly Thing[] {
  const at = objects.findLastIndex(({ before }, index) => index > 0 && takesBack.test(bare(before)));
  return at < 0 ? objects : objects.slice(at);
}

function bare(text: string): string {
  return text
    .replace(/```\w*/g, "")
    .toLowerCase()
    .replace(/[\s*_#.,:;=-]+/g, " ")
    .trim();
}
