/** People as judges: blind ratings in a local page, kept as verdicts. */
export type { AnnotationSettings, RaterSummary } from "./annotation.js";
export type { Mode } from "./protocol.js";
export { requireRaterName } from "./rater-name.js";
export { type AnnotationServer, type AnnotationServerOptions, serveAnnotation } from "./server/annotation-server.js";
