/** The report of a run: one offline HTML file. */
export { createHtmlReporter } from "./html-reporter.js";
