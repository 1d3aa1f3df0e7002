import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { flowingToken } from "../components/token-text.js";
import type { Positions } from "../data/positions.js";
import { inlineText } from "../text/visible-text.js";

interface AnswerTokensProps {
  readonly positions: Positions;
  /** Where a runaway repetition begins, or null. */
  readonly runawayFrom: number | null;
  readonly selected: number;
  readonly label: string;
  /** Whether the sheet is up: on a narrow screen it covers the lower part of the answer. */
  readonly covered: boolean;
  readonly onSelect: (position: number) => void;
}

/**
 * The answer, one focusable token a position. Tokens are drawn once; choosing one only moves two attributes, so that a
 * step stays instant in an answer of ten thousand tokens.
 */
export function AnswerTokens({ positions, runawayFrom, selected, label, covered, onSelect }: AnswerTokensProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const tokens = useMemo(
    () =>
      positions.tokens.map((token, t) => (
        <span
          role="option"
          class={`token ${positions.classes[t]}${runawayFrom !== null && t >= runawayFrom ? " runaway" : ""}`}
          tabIndex={-1}
          aria-selected="false"
          aria-label={spoken(positions, t)}
          data-t={t}
        >
          {flowingToken(token)}
        </span>
      )),
    [positions, runawayFrom],
  );
  useLayoutEffect(() => {
    const element = tokenAt(box.current, selected);
    if (element === null) return undefined;
    const hadFocus = box.current?.contains(document.activeElement) ?? false;
    element.setAttribute("aria-selected", "true");
    element.tabIndex = 0;
    if (hadFocus) element.focus({ preventScroll: true });
    if (hadFocus || selected > 0 || covered) keepInView(element);
    return () => {
      element.setAttribute("aria-selected", "false");
      element.tabIndex = -1;
    };
  }, [selected, tokens, covered]);

  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = targetOf(event.key, box.current, selected, positions.length);
    if (target === null) return;
    event.preventDefault();
    onSelect(target);
  };
  const point = (event: MouseEvent): void => {
    const token = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-t]") : null;
    if (token !== null) onSelect(Number(token.dataset.t));
  };
  return (
    <div
      ref={box}
      class="answer"
      dir="auto"
      role="listbox"
      tabIndex={-1}
      aria-label={label}
      aria-orientation="horizontal"
      onKeyDown={press}
      onClick={point}
    >
      {tokens}
    </div>
  );
}

function spoken(positions: Positions, t: number): string {
  const [, text] = positions.tokens[t] ?? [-1, "", 0];
  const shown = inlineText(text);
  return `${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown || "empty"}, ${positions.classes[t]}, rank ${positions.ranks[t]}`;
}

function tokenAt(box: HTMLElement | null, position: number): HTMLElement | null {
  const element = box?.children[position];
  return element instanceof HTMLElement ? element : null;
}

/** Height of the masthead with some air, and the air kept below. */
const clearTop = 90;
const clearBottom = 40;

/** Scrolls only where the token cannot be seen: to the middle of what neither masthead nor sheet covers. */
function keepInView(element: HTMLElement): void {
  const { top, bottom } = element.getBoundingClientRect();
  const lowest = innerHeight - sheetHeight() - (sheetHeight() === 0 ? clearBottom : 12);
  if (top >= clearTop && bottom <= lowest) return;
  scrollBy({ top: (top + bottom - clearTop - lowest) / 2, behavior: "instant" });
}

/** How much of the screen the raised sheet covers; its height, not its place, which is still moving as it rises. */
function sheetHeight(): number {
  const sheet = document.querySelector<HTMLElement>(".inspector.open");
  return sheet !== null && getComputedStyle(sheet).position === "fixed" ? sheet.offsetHeight : 0;
}

function targetOf(key: string, box: HTMLElement | null, selected: number, length: number): number | null {
  if (key === "ArrowRight") return selected + 1;
  if (key === "ArrowLeft") return selected - 1;
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  if (key === "ArrowDown" || key === "ArrowUp") return nextLine(box, selected, length, key === "ArrowDown" ? 1 : -1);
  return null;
}

/** The token of the next line in a direction that lies nearest to the chosen one's column. */
function nextLine(box: HTMLElement | null, selected: number, length: number, direction: 1 | -1): number {
  const start = tokenAt(box, selected)?.getClientRects()[0];
  if (start === undefined) return selected;
  let line: number | null = null;
  let best = selected;
  let distance = Number.POSITIVE_INFINITY;
  for (let t = selected + direction; t >= 0 && t < length; t += direction) {
    const rect = tokenAt(box, t)?.getClientRects()[0];
    if (rect === undefined || (rect.top - start.top) * direction < start.height / 2) continue;
    if (line !== null && Math.abs(rect.top - line) > start.height / 2) break;
    line ??= rect.top;
    const away = Math.abs(rect.left - start.left);
    if (away < distance) [best, distance] = [t, away];
  }
  return best;
}
