import type { VNode } from "preact";
import type { Progress } from "../../protocol.js";
import type { Theme } from "../state/theme.js";

interface MastheadProps {
  readonly progress: Progress | null;
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

/** Name, how far the rater is, theme and help. */
export function Masthead({ progress, theme, onTheme, onHelp }: MastheadProps): VNode {
  const done = progress === null ? 0 : progress.rated + progress.skipped;
  return (
    <header class="masthead">
      <span class="wordmark">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <rect class="bar-1" x="2" y="4" width="20" height="4" rx="1.5" />
          <rect class="bar-2" x="2" y="10" width="13" height="4" rx="1.5" />
          <rect class="bar-3" x="2" y="16" width="7" height="4" rx="1.5" />
        </svg>
        unshift
      </span>
      {progress === null ? (
        <span class="muted small">blind rating</span>
      ) : (
        <div class="progress">
          <progress max={progress.total} value={done} aria-label="Items done" />
          <span class="small">
            <b>{done}</b> of {progress.total} done
          </span>
        </div>
      )}
      <div class="tools">
        {progress === null ? null : (
          <span class="small who">
            <bdi>{progress.rater}</bdi>
          </span>
        )}
        <button type="button" class="tool" onClick={onTheme} aria-label={`Theme: ${theme}`} title="Theme">
          {theme === "light" ? "☀" : theme === "dark" ? "☾" : "◐"}
        </button>
        <button type="button" class="tool" onClick={onHelp} aria-label="Keys" title="Keys (?)">
          ?
        </button>
      </div>
    </header>
  );
}
