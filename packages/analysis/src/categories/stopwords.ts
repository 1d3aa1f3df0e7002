/** English function words: articles, pronouns, prepositions, conjunctions, auxiliaries, common particles, and contraction tails. */
const words = `a an the this that these those
  i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself
  we us our ours ourselves they them their theirs themselves who whom whose which what
  about above across after against along among around as at before behind below beneath beside between beyond by despite down
  during except for from in inside into like near of off on onto out outside over past per since through throughout till to
  toward towards under until up upon via with within without
  and but or nor so yet if because although though while whereas unless whether than when whenever where wherever why how
  be am is are was were been being have has had having do does did doing done will would shall should can could may might must
  ought not no isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't won't wouldn't shouldn't couldn't mustn't
  all any both each either every few many more most much neither none one other others own same some
  again already always ever just never now often once only quite rather still there too very
  i'm i've i'd i'll you're you've you'd you'll he's she's it's we're we've we'll they're they've they'll that's there's let's
  's 're 've 'd 'll 'm 't n't`;

export const stopwords: ReadonlySet<string> = new Set(words.split(/\s+/));
