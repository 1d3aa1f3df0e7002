type Version = readonly [major: number, minor: number, patch: number];
interface Comparator {
  readonly least: Version;
  /** Not reached; null: no upper bound. */
  readonly below: Version | null;
}

/**
 * Whether a version lies in a range: `^1`, `~1.2`, `1`, `1.2.x`, `1.2.3`, `>=1.1 <2`, `*`, joined by spaces (and) or `||` (or), as in
 * package.json. null where the text is no such range. Prerelease versions are not part of the contract's numbering.
 */
export function satisfies(version: string, range: string): boolean | null {
  const wanted = parse(version);
  if (wanted === null || wanted.given < 3) return null;
  const alternatives = range.split("||").map((part) =>
    part
      .trim()
      .replaceAll(/(>=|<=|>|<|=|\^|~)\s+/g, "$1")
      .split(/\s+/)
      .map(comparatorOf),
  );
  if (alternatives.some((comparators) => comparators.includes(null))) return null;
  return alternatives.some((comparators) =>
    comparators.every((comparator) => comparator !== null && within(wanted.version, comparator)),
  );
}

function comparatorOf(text: string): Comparator | null {
  const match = /^(>=|<=|>|<|=|\^|~)?v?(.+)$/.exec(text);
  const parsed = parse(match?.[2] ?? "");
  if (match === null || parsed === null) return null;
  const { version, given } = parsed;
  const end = given === 0 ? null : next(version, given - 1);
  switch (match[1]) {
    case ">=":
      return { least: version, below: null };
    case ">":
      return end === null ? null : { least: end, below: null };
    case "<":
      return { least: [0, 0, 0], below: version };
    case "<=":
      return { least: [0, 0, 0], below: end };
    case "^": {
      // The leftmost number that is not 0 stays.
      const first = version.findIndex((part) => part > 0);
      return { least: version, below: given === 0 ? null : next(version, first < 0 ? given - 1 : Math.min(first, 2)) };
    }
    case "~":
      return { least: version, below: given === 0 ? null : next(version, given === 1 ? 0 : 1) };
    default:
      return { least: version, below: end };
  }
}

/** `1.2` → [1, 2, 0] of which 2 parts were given; `x` and `*` give none. */
function parse(text: string): { version: Version; given: number } | null {
  if (!/^(\d+|[xX*])(\.(\d+|[xX*])){0,2}$/.test(text)) return null;
  const parts = text.split(".");
  const wildcard = parts.findIndex((part) => !/^\d+$/.test(part));
  const numbers = parts.slice(0, wildcard < 0 ? parts.length : wildcard).map(Number);
  return { version: [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0], given: numbers.length };
}

/** The first version in which the part at `index` is greater. */
function next([major, minor, patch]: Version, index: number): Version {
  return index === 0 ? [major + 1, 0, 0] : index === 1 ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

function within(version: Version, { least, below }: Comparator): boolean {
  return compare(version, least) >= 0 && (below === null || compare(version, below) < 0);
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
