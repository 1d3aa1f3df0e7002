import type { Where } from "@unshift/contracts";
import { UnshiftError } from "@unshift/contracts";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { ConfigNode, Entry, Origin } from "./config-node.js";
import { type Problem, throwProblems } from "./problem.js";
import { describe } from "./wording.js";

/** Aliases are written out, so a small file can ask for a huge experiment, or for one without end. */
const maxNodes = 100_000;
const maxDepth = 100;

interface Source {
  readonly file: string;
  /** Folder that relative paths start from. */
  readonly folder: string;
}

/** YAML text as nodes with positions. Throws CONFIG_SYNTAX with all faults, CONFIG_INVALID where the text holds nothing. */
export function parseConfig(text: string, source: Source): ConfigNode {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, uniqueKeys: true });
  const where = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  throwProblems(
    oneEachLine([...document.errors, ...document.warnings], lines).map(
      (fault): Problem => ({
        code: "CONFIG_SYNTAX",
        message: syntaxMessage(fault.code, fault.message, text.slice(fault.pos[0])),
        where: where(fault.pos[0]),
      }),
    ),
  );
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw new UnshiftError(
      "CONFIG_INVALID",
      "the file is empty: an experiment needs at least models, a dataset and systems.",
      {
        where: { file: source.file, line: 1, column: 1 },
        hint: "`unshift init` writes an experiment to start from.",
      },
    );
  }
  return new Converter(document, source, where).node(document.contents, 0);
}

/** One value, as given on the command line. */
export function parseValue(text: string, source: Source): ConfigNode {
  const origin: Origin = { where: { file: source.file }, folder: source.folder };
  if (text.trim() === "") return { kind: "scalar", value: "", origin };
  const document = parseDocument(text, { prettyErrors: false, merge: true });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) {
    throw new UnshiftError("CONFIG_SYNTAX", `the value ${JSON.stringify(text)} is not valid YAML: ${fault.message}.`, {
      where: origin.where,
    });
  }
  if (document.contents === null) return { kind: "scalar", value: null, origin };
  return new Converter(document, source, () => origin.where).node(document.contents, 0);
}

/** The parser finds several faults where there is one: the first of a line is the one to mend. */
function oneEachLine(faults: readonly YAMLError[], lines: LineCounter): YAMLError[] {
  const first = new Map<number, YAMLError>();
  for (const fault of faults) {
    const { line } = lines.linePos(fault.pos[0]);
    if (!first.has(line)) first.set(line, fault);
  }
  return [...first.values()];
}

function syntaxMessage(code: string, message: string, rest: string): string {
  if (code === "DUPLICATE_KEY") {
    const key = /^[^:\n]+/.exec(rest)?.[0]?.trim();
    return key === undefined
      ? "a key is written twice in one map."
      : `the key "${key}" is written twice in one map. Keep one of them.`;
  }
  if (code === "TAB_AS_INDENT") return "a tab is used as indentation. YAML is indented with spaces.";
  if (code === "MULTIPLE_DOCS")
    return "the file holds more than one YAML document (`---`). Write one experiment per file.";
  return `this is not valid YAML: ${message.replace(/\.$/, "")}.`;
}

class Converter {
  private count = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly source: Source,
    private readonly where: (offset: number) => Where,
  ) {}

  node(node: unknown, depth: number): ConfigNode {
    const origin = this.origin(node);
    this.keepSmall(depth, origin);
    if (isAlias(node)) return this.node(this.target(node), depth + 1);
    if (isSeq(node)) return { kind: "list", items: node.items.map((item) => this.node(item, depth + 1)), origin };
    if (isMap(node)) return { kind: "map", entries: this.entries(node, depth), origin };
    if (isScalar(node)) return { kind: "scalar", value: this.scalar(node.value, origin), origin };
    return { kind: "scalar", value: null, origin };
  }

  private keepSmall(depth: number, origin: Origin): void {
    this.count += 1;
    if (this.count <= maxNodes && depth <= maxDepth) return;
    throw new UnshiftError(
      "CONFIG_SYNTAX",
      `the file is nested deeper than ${maxDepth} levels or holds more than ${maxNodes} values: does an alias (*name) contain itself?`,
      { where: origin.where },
    );
  }

  private origin(node: unknown): Origin {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null;
    return { where: this.where(range?.[0] ?? 0), folder: this.source.folder };
  }

  private scalar(value: unknown, origin: Origin): null | boolean | number | string {
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new UnshiftError(
      "CONFIG_INVALID",
      `${describe(value)} is no value an experiment can hold. Allowed: strings, finite numbers, true, false, null.`,
      {
        where: origin.where,
      },
    );
  }

  private entries(map: YAMLMap, depth: number): Map<string, Entry> {
    this.keepSmall(depth, this.origin(map));
    const entries = new Map<string, Entry>();
    const merged: Pair[] = [];
    for (const pair of map.items) {
      if (isScalar(pair.key) && isMergeKey(pair.key)) merged.push(pair);
      else this.put(entries, pair, depth);
    }
    // `<<` fills in what the map does not say itself; of several maps the first wins.
    for (const pair of merged) {
      for (const source of this.mergeSources(pair.value)) {
        for (const [key, entry] of this.entries(source, depth + 1)) if (!entries.has(key)) entries.set(key, entry);
      }
    }
    return entries;
  }

  private put(entries: Map<string, Entry>, pair: Pair, depth: number): void {
    const key = this.origin(pair.key);
    if (!isScalar(pair.key) || pair.key.value === null || typeof pair.key.value === "object") {
      throw new UnshiftError("CONFIG_INVALID", "a key must be a string.", { where: key.where });
    }
    const name = String(pair.key.value);
    if (name === "__proto__")
      throw new UnshiftError("CONFIG_UNKNOWN_KEY", `unknown key "__proto__".`, { where: key.where });
    const node: ConfigNode =
      pair.value === null ? { kind: "scalar", value: null, origin: key } : this.node(pair.value, depth + 1);
    entries.set(name, { key, node });
  }

  private target(alias: Alias): unknown {
    const target = alias.resolve(this.document);
    if (target !== undefined) return target;
    const { where } = this.origin(alias);
    throw new UnshiftError("CONFIG_SYNTAX", `the alias *${alias.source} has no anchor &${alias.source} before it.`, {
      where,
    });
  }

  private mergeSources(value: unknown): YAMLMap[] {
    const target = isAlias(value) ? this.target(value) : value;
    const nodes: unknown[] = isSeq(target) ? target.items : [target];
    return nodes.map((node) => {
      const resolved = isAlias(node) ? this.target(node) : node;
      if (isMap(resolved)) return resolved;
      throw new UnshiftError("CONFIG_SYNTAX", "`<<` takes a map, or a list of maps.", {
        where: this.origin(node).where,
      });
    });
  }
}

function isMergeKey(key: Node): boolean {
  return (
    isScalar(key) &&
    (key.value === "<<" || typeof key.value === "symbol") &&
    (key.type === undefined || key.type === "PLAIN")
  );
}
