import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** A path as written, seen from the folder of the file that wrote it. `~/` is the home folder, as in a shell. */
export function resolvePath(folder: string, path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(folder, path);
}
