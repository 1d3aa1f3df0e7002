import type { VNode } from "preact";
import { shiftLabel, useReport } from "../state/report-context.js";
import { href, viewNames } from "../state/route.js";
import type { Theme } from "../state/theme.js";

const titles = {
  overview: "Overview",
  shift: "Shift",
  tokens: "Tokens",
  judges: "Judges",
  samples: "Samples",
  method: "Method",
} as const;

interface MastheadProps {
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onChoose: (index: number) => void;
  readonly onHelp: () => void;
}

/** Name, views, the choice of subject, theme and help. */
export function Masthead({ theme, onTheme, onChoose, onHelp }: MastheadProps): VNode {
  const { data, route, shiftIndex, subject } = useReport();
  const { shifts } = data.summary;
  const shown = viewNames.filter((view) => view !== "judges" || data.summary.judges.length > 0);
  const here = route.view === "sample" ? "samples" : route.view;
  return (
    <header class="masthead">
      <a class="wordmark" href={href("overview", { subject })} aria-label="Unshift, overview">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <rect class="fill-unshifted" x="2" y="4" width="20" height="4" rx="1.5" />
          <rect class="fill-marginal" x="2" y="10" width="13" height="4" rx="1.5" />
          <rect class="fill-shifted" x="2" y="16" width="7" height="4" rx="1.5" />
        </svg>
        unshift
      </a>
      <nav aria-label="Views">
        {shown.map((view) => (
          <a href={href(view, { subject })} aria-current={here === view ? "page" : undefined}>
            {titles[view]}
          </a>
        ))}
      </nav>
      {shifts.length > 1 ? (
        <fieldset class="switch" aria-label="Subject">
          {shifts.map((shift, index) => (
            <button
              type="button"
              aria-pressed={index === shiftIndex}
              title={`${shift.id}${index < 9 ? `  (key ${index + 1})` : ""}`}
              onClick={() => onChoose(index)}
            >
              <i class={`series-mark s${index % 6}`} />
              {shiftLabel(shift, shifts)}
            </button>
          ))}
        </fieldset>
      ) : null}
      <div class="tools">
        <button
          type="button"
          class="tool"
          onClick={onTheme}
          aria-label={`Theme: ${theme}`}
          title={`Theme: ${theme} (t)`}
        >
          {theme === "light" ? "☀" : theme === "dark" ? "☾" : "◐"}
        </button>
        <button type="button" class="tool" onClick={onHelp} aria-label="Keys" title="Keys (?)">
          ?
        </button>
      </div>
    </header>
  );
}
