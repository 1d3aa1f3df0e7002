import type { nativeInfo } from "@unshift/engine-llama";
import { ownCommit, packageVersion } from "./repository.js";

type AddonInfo = Awaited<ReturnType<typeof nativeInfo>>;

/** Versions and commits of everything that was measured. */
export async function versions(
  info: AddonInfo,
  peers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const commit = await ownCommit();
  return {
    unshift: `${await packageVersion(".")}${commit === null ? "" : `, commit ${commit}`}`,
    "unshift addon": `${info.gpu}, kernels ${info.kernels}, llama.cpp ${info.llamaVersion}, commit ${info.llamaCommit.slice(0, 12)}`,
    ...peers,
  };
}
