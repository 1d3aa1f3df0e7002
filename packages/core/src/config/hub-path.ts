import type { HubRepo } from "@unshift/contracts";

/** A file on the Hugging Face hub as a path writes it. */
export interface HubPath {
  readonly repo: HubRepo;
  /** Path inside the repository. */
  readonly file: string;
}

const written = /^hf:([^/@\s]+\/[^/@\s]+)\/([^@\s]+?)(?:@([^@\s]+))?$/i;

/** Reads `hf:OWNER/REPO/FILE[@REVISION]`; null where the text is no such path. The revision is `main` where none is written. */
export function parseHubPath(source: string): HubPath | null {
  const [, name, file, revision] = written.exec(source) ?? [];
  if (name === undefined || file === undefined) return null;
  return { repo: { type: "model", name, revision: revision ?? "main" }, file };
}

/**
 * The files a model consists of: itself, or all parts of a split one (`…-00001-of-00003.gguf`), whichever part was named. The
 * first is the one to open.
 */
export function modelFiles(file: string): readonly [string, ...string[]] {
  const [, stem, total] = /^(.*)-\d{5}-of-(\d{5})\.gguf$/.exec(file) ?? [];
  if (stem === undefined || total === undefined) return [file];
  const part = (number: number) => `${stem}-${String(number).padStart(5, "0")}-of-${total}.gguf`;
  return [part(1), ...Array.from({ length: Math.max(0, Number(total) - 1) }, (_, index) => part(index + 2))];
}
