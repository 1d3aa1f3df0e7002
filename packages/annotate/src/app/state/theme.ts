import { useEffect, useState } from "preact/hooks";

export type Theme = "system" | "light" | "dark";
const order: readonly Theme[] = ["system", "light", "dark"];
const key = "unshift-theme";

/** The chosen theme and a step to the next. Kept between visits where the browser lets a file keep anything. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(stored);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(key, theme);
    } catch {
      // A browser that forbids storage to files forgets the choice; nothing else depends on it.
    }
  }, [theme]);
  return [theme, () => setTheme((now) => order[(order.indexOf(now) + 1) % order.length] ?? "system")];
}

function stored(): Theme {
  try {
    return order.find((theme) => theme === localStorage.getItem(key)) ?? "system";
  } catch {
    return "system";
  }
}
