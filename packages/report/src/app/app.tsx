import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Help } from "./components/help.js";
import { Masthead } from "./components/masthead.js";
import { RunNotes } from "./components/run-notes.js";
import type { ReportData } from "./data/report-data.js";
import { useKeys } from "./state/keys.js";
import { chosenShift, ReportProvider, type ReportState, subjectName } from "./state/report-context.js";
import { go, href, type Route, useRoute } from "./state/route.js";
import { useTheme } from "./state/theme.js";
import { JudgesView } from "./views/judges.js";
import { MethodView } from "./views/method.js";
import { OverviewView } from "./views/overview.js";
import { SampleView } from "./views/sample.js";
import { SamplesView } from "./views/samples.js";
import { ShiftView } from "./views/shift.js";
import { TokensView } from "./views/tokens.js";

/** The whole page: where we are, what is chosen, and the keys that work everywhere. */
export function App({ data }: { readonly data: ReportData }): VNode {
  const route = useRoute();
  const [theme, nextTheme] = useTheme();
  const [help, setHelp] = useState(false);
  const { shifts } = data.summary;
  const shiftIndex = chosenShift(route.query.get("subject"), shifts);
  const shift = shifts[shiftIndex] ?? null;
  const state: ReportState = {
    data,
    route,
    shiftIndex,
    shift,
    subject: shift === null || shiftIndex === 0 ? null : subjectName(shift, shifts),
  };

  const choose = (index: number): void => {
    const chosen = shifts[index];
    if (chosen === undefined) return;
    const query = { ...Object.fromEntries(route.query), subject: subjectName(chosen, shifts) };
    go(route.view === "sample" ? href("sample", query, route.sample ?? "") : href(route.view, query), {
      replace: true,
    });
  };
  const search = (): void => {
    const field = document.querySelector<HTMLInputElement>("input[type=search]");
    if (field !== null) field.focus();
    else go(href("samples", { subject: state.subject, find: 1 }));
  };
  useKeys({
    "?": () => setHelp(true),
    "/": search,
    t: nextTheme,
    ...Object.fromEntries(shifts.slice(0, 9).map((_, index) => [String(index + 1), () => choose(index)])),
  });
  useTitle(data, route);

  const main = useRef<HTMLElement>(null);
  return (
    <ReportProvider value={state}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Masthead theme={theme} onTheme={nextTheme} onChoose={choose} onHelp={() => setHelp(true)} />
      <main ref={main} id="main" tabIndex={-1}>
        {route.view === "overview" ? null : (
          <div class="notes-strip">
            <RunNotes />
          </div>
        )}
        <View route={route} />
      </main>
      <footer class="foot">
        <span>
          Unshift {data.summary.manifest.unshiftVersion} · run <b>{data.summary.manifest.name}</b> ·{" "}
          {data.summary.manifest.createdAt.slice(0, 10)}
        </span>
        <span>
          Press <kbd>?</kbd> for keys. This file asks nothing of any network.
        </span>
      </footer>
      {help ? <Help subjects={shifts.length} onClose={() => setHelp(false)} /> : null}
    </ReportProvider>
  );
}

function View({ route }: { readonly route: Route }): VNode {
  if (route.view === "sample") return <SampleView key={route.sample} id={route.sample ?? ""} />;
  if (route.view === "shift") return <ShiftView />;
  if (route.view === "tokens") return <TokensView />;
  if (route.view === "judges") return <JudgesView />;
  if (route.view === "samples") return <SamplesView />;
  if (route.view === "method") return <MethodView />;
  return <OverviewView />;
}

/** Names the page in the browser's history; a new view starts at its top. */
function useTitle(data: ReportData, route: Route): void {
  const place = route.view === "sample" ? (route.sample ?? "") : route.view;
  useEffect(() => {
    document.title = `${place} · ${data.summary.manifest.name} · Unshift`;
  }, [data, place]);
  // Before anything is painted: a sample that opens at once scrolls to its token afterwards, not before.
  useLayoutEffect(() => scrollTo(0, 0), [place]);
}
