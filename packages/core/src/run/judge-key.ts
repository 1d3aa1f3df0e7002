import type { JudgeEngines } from "./judge-engines.js";
import { keyOf } from "./key.js";
import type { PreparedJudge } from "./prepared-experiment.js";

/**
 * Hash of all that makes a judge the one it is: use, version, options and who answers it. The same answer may get another verdict
 * where one of them differs; the judge's id, how often it judges and which pairs are no part of it. Call when it is prepared.
 */
export function judgeKeyOf({ spec, judge, options }: PreparedJudge, engines: JudgeEngines): string {
  const engine = spec.engine === null ? undefined : engines.get(spec.engine);
  return keyOf({
    kind: "judge",
    use: spec.use,
    version: judge.version,
    options,
    ...(engine === undefined ? {} : { engine: engine.identity }),
  });
}
