/**
 * Words by which aligned answers are recognised (paper §2: what shifted tokens are): openers, list makers, closers and words of
 * caution. Where a word is also a stopword ("here", "however") this list wins.
 */
export const discourseGroups = {
  openers: `thank thanks thankyou hello hi hey greetings welcome great good sure certainly absolutely definitely indeed
    glad happy delighted pleased wonderful excellent fantastic interesting fascinating yes ah oh well okay ok assist`,
  listMakers: `here following follows including includes include such example examples instance firstly secondly thirdly first
    second third next then finally lastly additionally moreover furthermore also besides another several various list
    step steps tip tips`,
  closers: `remember overall conclusion summary short ultimately hope hopefully helps help helpful feel free anything else
    further questions let know enjoy luck`,
  caution: `however sorry apolog apologize apologise apologies apology unfortunately cannot can't unable point important
    importantly please note keep mind careful caution consult recommend instead appropriate inappropriate ethical unethical
    illegal harmful dangerous safe safety respectful responsible understand refuse decline`,
} as const;

export const discourseWords: ReadonlySet<string> = new Set(
  Object.values(discourseGroups).flatMap((words) => words.split(/\s+/)),
);
