/** Tables of token distribution shift, and the pure functions they are made of. */

export {
  compatBiTopProbability,
  compatClass,
  compatJaccard,
  compatKl,
  compatNdcg,
  compatTopProbability,
  compatTopRank,
  compatWeightedSum,
} from "./aligntds-compat/compat-metrics.js";
export { type CompatList, type CompatToken, compatList } from "./aligntds-compat/top-list.js";
export { discourseGroups, discourseWords } from "./categories/discourse-words.js";
export { stopwords } from "./categories/stopwords.js";
export { categoryOf, type TokenCategory, tokenCategories } from "./categories/token-category.js";
export { leaderboard } from "./leaderboard.js";
export { type ConversationOf, conversationsOf } from "./positions/conversations.js";
export { binPositions, type PositionBin } from "./positions/position-bins.js";
export { referencePositions } from "./positions/reference-positions.js";
export { openPositions, type ShiftPositions } from "./positions/shift-positions.js";
export { createShiftAnalysis } from "./shift-analysis.js";
export { type BootstrapOptions, clusterBootstrap, ratioOf, type Statistic } from "./statistics/cluster-bootstrap.js";
export {
  type ClusterSums,
  clusterSums,
  groupClusters,
  mergeClusters,
  selectClusters,
  totalsOf,
} from "./statistics/cluster-sums.js";
export { clusteredMedian } from "./statistics/clustered-median.js";
export type { Estimate } from "./statistics/estimate.js";
export { quantile } from "./statistics/quantile.js";
export { type Random, seededRandom, shuffledIndices } from "./statistics/seeded-random.js";
export { signFlipTest } from "./statistics/sign-flip-test.js";
export {
  type IntervalFigures,
  type ShiftFigures,
  type SystemFigures,
  summariseShift,
  summariseSystem,
} from "./summaries.js";
export { type SystemTablesInput, systemTables } from "./system-tables.js";
export { type TableRow, tableRows } from "./table-row.js";
export { wordsOf } from "./tables/words-of.js";
