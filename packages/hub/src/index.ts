/** Files of the Hugging Face hub: Python's cache layout, resume, checksum, offline. */
export { createHub, type HubOptions, type HubProgress } from "./create-hub.js";
export { type HubSettings, hubSettings } from "./hub-settings.js";
