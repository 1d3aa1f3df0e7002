import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const margin = 12;

/** Which rows of a long list are near the screen: `[from, to)`. All rows have one height. */
export function useWindowRows(
  list: RefObject<HTMLElement | null>,
  rows: number,
  rowHeight: number,
): readonly [number, number] {
  const [range, setRange] = useState<readonly [number, number]>([0, 40]);
  useEffect(() => {
    const measure = (): void => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const from = Math.max(0, Math.floor(-top / rowHeight) - margin);
      const to = Math.min(rows, Math.ceil((innerHeight - top) / rowHeight) + margin);
      setRange((old) => (old[0] === from && old[1] === to ? old : [from, to]));
    };
    measure();
    addEventListener("scroll", measure, { passive: true });
    addEventListener("resize", measure);
    return () => {
      removeEventListener("scroll", measure);
      removeEventListener("resize", measure);
    };
  }, [list, rows, rowHeight]);
  return range;
}
