import { mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { isUnshiftError, UnshiftError } from "@unshift/contracts";
import type { ComparedInTurn, CompareItem, WaitingRows } from "@unshift/contracts/services";
import type { Context, SplitPairRequest } from "@unshift/native";
import { pairRequest, positionColumns } from "./compare-pair.js";
import { contextOptions } from "./context-options.js";
import type { LlamaModel } from "./llama-model.js";
import { coded } from "./native-error.js";

type Native = typeof import("@unshift/native");
type Item = CompareItem & { readonly key: string };

/** Faults that concern one item: the others go on. */
const itemFaults = new Set(["CONTEXT_TOO_SMALL", "VOCABULARY_MISMATCH"]);

interface Options {
  readonly signal: AbortSignal;
  readonly rows: WaitingRows;
  readonly onDone: (index: number, outcome: ComparedInTurn) => Promise<void>;
  readonly onGroup: () => Promise<void>;
}

/**
 * Compares items with one model in memory at a time: for a group of items the reference writes its rows, the models change places,
 * the subject reads and compares them. A group is as large as the bound on disk allows, so models change places as seldom as can be.
 *
 * A file of rows is named by its item's key and appears whole; one that a stopped run left is used again. It goes when the columns
 * of its group are safe.
 */
export async function compareInTurn(
  native: Native,
  reference: LlamaModel,
  subject: LlamaModel,
  items: readonly Item[],
  options: Options,
): Promise<void> {
  const { rows } = options;
  await mkdir(rows.folder, { recursive: true });
  await removeOthers(rows.folder, new Set(items.map(({ key }) => fileName(key, rows))));
  let index = 0;
  for (const group of groupsOf(reference, items, rows)) {
    await compareGroup(native, reference, subject, group, index, options);
    index += group.length;
  }
  await rm(rows.folder, { recursive: true, force: true });
}

async function compareGroup(
  native: Native,
  reference: LlamaModel,
  subject: LlamaModel,
  group: readonly Item[],
  first: number,
  { signal, rows, onDone, onGroup }: Options,
): Promise<void> {
  const sides = { reference: absent(reference), subject: absent(subject) };
  const outcomes = group.map((item) => ({
    item,
    request: requestOf(item, rows),
    fault: null as UnshiftError | null,
    ms: 0,
  }));
  const missing: typeof outcomes = [];
  for (const each of outcomes) {
    if (!(await exists(each.request.path))) missing.push(each);
  }
  await requireSpace(
    reference,
    missing.map(({ item }) => item),
    rows,
  );
  if (missing.length > 0) {
    await reference.during(async () => {
      const context = await reference.context("reference");
      for (const each of missing) {
        await timed(each, () => native.writeReferenceRows(context, sides.subject, each.request, { signal }));
      }
    });
  }
  await subject.during(async () => {
    const context = await subject.context("subject");
    for (const [at, each] of outcomes.entries()) {
      const split =
        each.fault === null ? await timed(each, () => read(native, sides.reference, context, each, signal)) : null;
      const outcome: ComparedInTurn =
        split === null
          ? { error: each.fault ?? new UnshiftError("INTERNAL", "an item without outcome") }
          : {
              columns: positionColumns(split.columns, each.item.answerIds),
              durationMs: each.ms,
              ...(rows.precision === "f32" ? {} : { rounding: { tv: split.roundingTv, kl: split.roundingKl } }),
            };
      await onDone(first + at, outcome);
    }
  });
  await onGroup();
  for (const { request } of outcomes) await rm(request.path, { force: true });
}

/** A file that cannot be read is removed, so that the next run writes it anew. */
async function read(
  native: Native,
  reference: ReturnType<typeof absent>,
  subject: Context,
  { request }: { readonly request: SplitPairRequest },
  signal: AbortSignal,
) {
  try {
    return await coded(() => native.compareWithRows(reference, subject, request, { signal }));
  } catch (error) {
    if (isUnshiftError(error) && error.code === "RUN_CORRUPT") await rm(request.path, { force: true });
    throw error;
  }
}

/** Adds the time to the item's; an item's own fault is kept, any other thrown. */
async function timed<Result>(
  each: { fault: UnshiftError | null; ms: number },
  work: () => Promise<Result>,
): Promise<Result | null> {
  const started = performance.now();
  try {
    return await coded(work);
  } catch (error) {
    if (!isUnshiftError(error) || !itemFaults.has(error.code)) throw error;
    each.fault = error;
    return null;
  } finally {
    each.ms += performance.now() - started;
  }
}

/** Bytes that the rows of an item take: its positions times the reference's vocabulary, and the columns behind them. */
function bytesOf(reference: LlamaModel, { answerIds, topK }: Item, { precision }: WaitingRows): number {
  const value = precision === "f32" ? 4 : 2;
  return 64 + answerIds.length * (reference.identity.vocabularySize * value + 28 + 12 * topK);
}

/** Neighbours together as long as the bound holds; an item by itself where it alone exceeds it. */
function groupsOf(reference: LlamaModel, items: readonly Item[], rows: WaitingRows): Item[][] {
  const groups: Item[][] = [];
  let left = 0;
  for (const item of items) {
    const bytes = bytesOf(reference, item, rows);
    const group = groups.at(-1);
    if (group === undefined || bytes > left) {
      groups.push([item]);
      left = rows.maxBytes - bytes;
    } else {
      group.push(item);
      left -= bytes;
    }
  }
  return groups;
}

async function requireSpace(reference: LlamaModel, items: readonly Item[], rows: WaitingRows): Promise<void> {
  const needed = items.reduce((sum, item) => sum + bytesOf(reference, item, rows), 0);
  const { bavail, bsize } = await statfs(rows.folder);
  if (needed > bavail * bsize) {
    const gigabytes = (bytes: number) => `${(bytes / 1e9).toPrecision(3)} GB`;
    throw new UnshiftError(
      "RUN_NO_SPACE",
      `the logits of ${items.length} ${items.length === 1 ? "answer" : "answers"} need ${gigabytes(needed)} in ${rows.folder}; ${gigabytes(bavail * bsize)} are free`,
      { hint: "Make room, or write a smaller `diskGb` or `rows: f16` under `residency`." },
    );
  }
}

function requestOf(item: Item, rows: WaitingRows): SplitPairRequest {
  return { ...pairRequest(item), path: join(rows.folder, fileName(item.key, rows)), precision: rows.precision };
}

function fileName(key: string, { precision }: WaitingRows): string {
  return `${key}.${precision}.rows`;
}

/** The chunk size a context of the model has, where the model's weights are not there. */
function absent({ native, request, identity }: LlamaModel) {
  const { chunkSize = 512 } = contextOptions(request, identity.contextSize, "subject");
  return { model: native, chunkSize: Math.min(chunkSize, identity.contextSize) };
}

/** Rows of items that are not asked for any more: another experiment, another precision, a file that was never finished. */
async function removeOthers(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!wanted.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
