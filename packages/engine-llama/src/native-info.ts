import type { AddonInfo } from "@unshift/native";
import { loadNative } from "./load-native.js";

/** What the addon was built with and which devices it sees, for `unshift doctor`. Throws NATIVE_LOAD_FAILED. */
export async function nativeInfo(): Promise<AddonInfo> {
  return (await loadNative()).info();
}
