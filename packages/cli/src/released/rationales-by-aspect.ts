/**
 * A verdict's rationale taken apart again, as judges of several aspects put it together: a paragraph each, behind the aspect's id or
 * title (`Depth: …`, next line `Clarity: …`). Of one aspect it is the whole text. Empty where it does not begin like that.
 */
export function rationalesByAspect(
  rationale: string | undefined,
  aspects: readonly string[],
): Readonly<Record<string, string>> {
  const [only, ...others] = aspects;
  if (rationale === undefined || only === undefined) return {};
  if (others.length === 0) return { [only]: rationale };
  const found = new Map<string, string[]>();
  let current: string[] | null = null;
  for (const line of rationale.split("\n")) {
    const aspect = aspects.find((id) => !found.has(id) && line.toLowerCase().startsWith(`${id.toLowerCase()}: `));
    if (aspect !== undefined) {
      current = [line.slice(aspect.length + 2)];
      found.set(aspect, current);
    } else if (current === null) {
      return {};
    } else {
      current.push(line);
    }
  }
  return Object.fromEntries([...found].map(([aspect, lines]) => [aspect, lines.join("\n")]));
}
