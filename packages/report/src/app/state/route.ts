import { useEffect, useState } from "preact/hooks";
import { wellFormed } from "../data/report-data.js";

export const viewNames = ["overview", "shift", "tokens", "judges", "samples", "method"] as const;
export type ViewName = (typeof viewNames)[number];

/** A place in the report. Addresses are stable: `#/sample/<id>?subject=urial&pos=12`. */
export interface Route {
  readonly view: ViewName | "sample";
  readonly sample: string | null;
  readonly query: URLSearchParams;
}

function parseRoute(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  if (path.startsWith("sample/")) return { view: "sample", sample: decode(path.slice("sample/".length)), query };
  const view = viewNames.find((name) => name === path) ?? "overview";
  return { view, sample: null, query };
}

/** Address of a view; null parameters are left out. */
export function href(
  view: ViewName | "sample",
  query: Readonly<Record<string, string | number | null>> = {},
  sample?: string,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== "") parameters.set(name, String(value));
  const path =
    view === "sample" ? `sample/${encodeURIComponent(wellFormed(sample ?? ""))}` : view === "overview" ? "" : view;
  const search = parameters.size === 0 ? "" : `?${parameters}`;
  return `#/${path}${search}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const read = (): void => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  return route;
}

/** Goes to an address; `replace` leaves no step in the history. */
export function go(address: string, options: { readonly replace?: boolean } = {}): void {
  if (!options.replace) {
    location.hash = address;
    return;
  }
  history.replaceState(null, "", address);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A hand-written address with a stray %: taken as it stands; an unknown sample is then said to be unknown.
    return text;
  }
}
