import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Progress, Rating, ShownItem } from "../protocol.js";
import { Help } from "./components/help.js";
import { Masthead } from "./components/masthead.js";
import { useKeys } from "./state/keys.js";
import { server } from "./state/server.js";
import { useTheme } from "./state/theme.js";
import { EndView } from "./views/end-view.js";
import { ItemView } from "./views/item-view.js";
import { StartView } from "./views/start-view.js";

/** The whole page: who rates, which item is shown, and what was said last. */
export function App({ offered }: { readonly offered: string }): VNode {
  const [theme, nextTheme] = useTheme();
  const [help, setHelp] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  /** null: the end. */
  const [item, setItem] = useState<ShownItem | null>(null);
  const [said, setSaid] = useState("");
  useKeys({ "?": () => setHelp(true) });

  // While an item is on its way, keys of the one that is still shown lead nowhere.
  const underWay = useRef(false);
  const alone = async (work: () => Promise<void>): Promise<void> => {
    if (underWay.current) return;
    underWay.current = true;
    await work().finally(() => {
      underWay.current = false;
    });
  };
  const show = async (of: Progress, at: number): Promise<void> => {
    const shown = of.ended || at >= of.total ? null : await server.item(of.rater, at);
    setProgress(of);
    setItem(shown);
  };
  const start = (rater: string): Promise<void> =>
    alone(async () => {
      const begun = await server.progress(rater);
      await show(begun, begun.next);
    });
  const rate = (rating: Rating): Promise<void> =>
    alone(async () => {
      if (progress === null || item === null) return;
      const now = await server.rate(progress.rater, item.item, rating);
      // On through what was rated before, too; behind the last one, to what was left out.
      await show(now, item.at + 1 < now.total ? item.at + 1 : now.next);
      setSaid(rating.kind === "skipped" ? "Skipped." : "Saved.");
    });
  const goTo = (at: number): void => {
    if (progress === null) return;
    alone(() => show(progress, Math.max(0, at))).then(
      () => setSaid(""),
      (error: unknown) => setSaid(error instanceof Error ? error.message : String(error)),
    );
  };
  const reveal = async () => {
    if (progress === null) throw new Error("Nobody rates.");
    const key = await server.reveal(progress.rater);
    setProgress(await server.progress(progress.rater));
    return key;
  };

  return (
    <>
      <Masthead progress={progress} theme={theme} onTheme={nextTheme} onHelp={() => setHelp(true)} />
      {progress === null ? (
        <StartView offered={offered} onStart={start} />
      ) : item === null ? (
        <EndView
          progress={progress}
          onBack={() => goTo(progress.next < progress.total ? progress.next : progress.total - 1)}
          onReveal={reveal}
        />
      ) : (
        <ItemView
          key={item.item}
          item={item}
          progress={progress}
          onRate={rate}
          onBack={() => (item.at === 0 ? undefined : goTo(item.at - 1))}
          onEnd={() => (underWay.current ? undefined : setItem(null))}
        />
      )}
      <p class="visually-hidden" role="status">
        {said}
      </p>
      {help ? <Help mode={progress?.mode ?? null} onClose={() => setHelp(false)} /> : null}
    </>
  );
}
