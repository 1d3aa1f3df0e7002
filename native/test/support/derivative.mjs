/**
 * Small languages over characters, as a tree: what GBNF of them looks like, and by Brzozowski derivatives which texts go on. A
 * second opinion on grammars that shares nothing with llama.cpp's.
 *
 * @typedef {{ set: string } | { all: Tree[] } | { any: Tree[] } | { many: Tree }} Tree
 */

const empty = { all: [] };

/** @param {Tree} tree @returns {string} */
export function gbnf(tree) {
  if ("set" in tree) return `[${tree.set}]`;
  if ("many" in tree) return `(${gbnf(tree.many)})*`;
  if ("all" in tree) return tree.all.length === 0 ? '""' : tree.all.map((part) => `(${gbnf(part)})`).join(" ");
  return tree.any.map((part) => `(${gbnf(part)})`).join(" | ");
}

/** Whether the empty text is of it. @param {Tree} tree @returns {boolean} */
export function mayEnd(tree) {
  if ("set" in tree) return false;
  if ("many" in tree) return true;
  return "all" in tree ? tree.all.every(mayEnd) : tree.any.some(mayEnd);
}

/** What may follow the character; null where it may not come. @param {Tree} tree @param {string} c @returns {Tree | null} */
export function after(tree, c) {
  if ("set" in tree) return tree.set.includes(c) ? empty : null;
  if ("many" in tree) {
    const rest = after(tree.many, c);
    return rest && { all: [rest, tree] };
  }
  /** @type {(Tree | null)[]} */
  let ways;
  if ("any" in tree) ways = tree.any.map((part) => after(part, c));
  else {
    ways = [];
    for (let i = 0; i < tree.all.length; i++) {
      const rest = after(tree.all[i], c);
      if (rest) ways.push({ all: [rest, ...tree.all.slice(i + 1)] });
      if (!mayEnd(tree.all[i])) break;
    }
  }
  const open = ways.filter((way) => way !== null);
  return open.length === 0 ? null : open.length === 1 ? open[0] : { any: open };
}

/** @param {Tree | null} tree @param {string} text */
export function afterText(tree, text) {
  for (const c of text) tree = tree && after(tree, c);
  return tree;
}

/** A random language of a few characters. @param {() => number} random [0, 1) @param {number} depth @returns {Tree} */
export function randomTree(random, depth = 4) {
  const several = () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomTree(random, depth - 1));
  const kind = depth === 0 ? 0 : Math.floor(random() * 4);
  if (kind === 1) return { all: several() };
  if (kind === 2) return { any: several() };
  const letters = "abcdehlnortw ".split("");
  const set = { set: letters.filter(() => random() < 0.3).join("") || "e" };
  // A character in front: no tree repeats the empty text, which llama.cpp's grammars do not take.
  return kind === 3 ? { many: { all: [set, randomTree(random, depth - 1)] } } : set;
}
