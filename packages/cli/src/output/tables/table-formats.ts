/** How a command prints tables: the first three for people, the others for programs. */
export const tableFormats = ["text", "markdown", "latex", "csv", "json"] as const;
export type TableFormat = (typeof tableFormats)[number];
