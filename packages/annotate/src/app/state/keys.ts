import { useLayoutEffect, useRef } from "preact/hooks";

export type KeyActions = Readonly<Record<string, () => void>>;

/** Runs an action for a key pressed anywhere but in a text or an open dialog; with Ctrl, Alt or Meta the browser keeps it. */
export function useKeys(actions: KeyActions): void {
  const current = useRef(actions);
  current.current = actions;
  // Before anything is painted: no key is lost between two items.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (isText(event.target) || document.querySelector("dialog[open]") !== null) return;
      // Enter presses the button or opens the fold that has the focus.
      if (event.key === "Enter" && event.target instanceof HTMLElement && event.target.matches("button, a, summary"))
        return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const action = Object.hasOwn(current.current, key) ? current.current[key] : undefined;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("textarea, select, input:not([type=radio])");
}
