/**
 * An id for each generator, `generator-N` for a name of which an id may hold nothing: what ids of systems look like, no two the same (nor on a disk that does not tell cases apart). The
 * last part of a path-like name where that is enough: `results//gpt-4.json` → `gpt-4`.
 */
export function systemIds(generators: readonly string[]): ReadonlyMap<string, string> {
  const short = generators.map((name) => idOf(lastPart(name)));
  const seen = new Map<string, number>();
  for (const id of short) seen.set(id.toLowerCase(), (seen.get(id.toLowerCase()) ?? 0) + 1);
  const taken = new Set<string>();
  const ids = generators.map((name, at) => {
    const own = short[at] ?? "";
    const wanted = (seen.get(own.toLowerCase()) === 1 ? own : idOf(name)) || `generator-${at + 1}`;
    let id = wanted;
    for (let nth = 2; taken.has(id.toLowerCase()); nth += 1) id = `${wanted}-${nth}`;
    taken.add(id.toLowerCase());
    return [name, id] as const;
  });
  return new Map(ids);
}

/** Behind the last separator of a path; a name with spaces is no path (`gp t/4`). */
function lastPart(name: string): string {
  if (/\s/.test(name.trim()) && !/\.jsonl?$/i.test(name)) return name;
  return (
    name
      .split(/[/\\]+/)
      .filter((part) => part !== "")
      .at(-1) ?? name
  );
}

function idOf(name: string): string {
  const id = name
    .replace(/\.jsonl?$/i, "")
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, 80);
  return id;
}
