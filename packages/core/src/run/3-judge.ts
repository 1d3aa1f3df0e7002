import type { AnswerRecord, JudgeItem, Judgement, Sample, VerdictRecord } from "@unshift/contracts";
import type { RunStore } from "@unshift/contracts/services";
import { throwIfAborted } from "./aborted.js";
import { Conversations } from "./conversation.js";
import { FailureLimit } from "./failure-limit.js";
import { keyOf } from "./key.js";
import type { PreparedExperiment, PreparedJudge } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** Stage 3: every judge scores every answer; verdicts that are there already are kept, failed ones are asked again. */
export async function judge(
  prepared: PreparedExperiment,
  answers: readonly AnswerRecord[],
  store: RunStore,
  services: RunServices,
): Promise<VerdictRecord[]> {
  const items = itemsOf(prepared, answers);
  const failures = new FailureLimit(prepared.loaded.experiment.maxFailures, "judge");
  const stored = new Map(
    (await store.verdicts()).map((record) => [slot(record.judge, record.system, record.sampleId), record]),
  );
  const verdicts: VerdictRecord[] = [];
  for (const judging of prepared.judges) {
    const before = ({ answer, sample }: JudgeItem) => {
      const record = stored.get(slot(judging.spec.id, answer.system, sample.id));
      const fresh = record?.key === verdictKey(judging, answer, sample) && record.judgement.status !== "failed";
      return fresh ? record : undefined;
    };
    services.events.stage(
      "judge",
      judging.spec.id,
      items.length,
      items.filter((item) => before(item) !== undefined).length,
    );
    for (const item of items) {
      throwIfAborted(services.signal);
      const kept = before(item);
      if (kept !== undefined) {
        verdicts.push(kept);
        continue;
      }
      const record: VerdictRecord = {
        key: verdictKey(judging, item.answer, item.sample),
        judge: judging.spec.id,
        system: item.answer.system,
        sampleId: item.sample.id,
        judgement: await judgeItem(judging, item, services),
      };
      await store.appendVerdict(record);
      verdicts.push(record);
      services.events.tick(record.judgement.status === "failed" ? "failed" : "done");
      if (record.judgement.status === "failed") {
        failures.add(record.judgement.reason);
      }
    }
  }
  return verdicts;
}

/** Every answer with its sample, of a later turn with the chat before it. */
function itemsOf(prepared: PreparedExperiment, answers: readonly AnswerRecord[]): JudgeItem[] {
  const samples = new Map(prepared.selection.samples.map((sample) => [sample.id, sample]));
  const conversations = new Conversations(prepared.selection.samples);
  const bySystem = new Map<string, Map<string, AnswerRecord>>();
  for (const answer of answers) {
    const own = bySystem.get(answer.system) ?? new Map<string, AnswerRecord>();
    bySystem.set(answer.system, own.set(answer.sampleId, answer));
  }
  return answers.flatMap((answer) => {
    const sample = samples.get(answer.sampleId);
    return answer.status === "answered" && sample !== undefined
      ? [{ answer, sample: conversations.chat(sample, bySystem.get(answer.system) ?? new Map()) }]
      : [];
  });
}

/** Everything that changes a verdict. */
function verdictKey(judging: PreparedJudge, answer: AnswerRecord, sample: Sample): string {
  return keyOf({
    kind: "verdict",
    judge: judging.spec.use,
    version: judging.judge.version,
    options: judging.options,
    answer: answer.key,
    answerText: answer.status === "answered" ? answer.text : null,
    sample,
  });
}

async function judgeItem(
  judging: PreparedJudge,
  item: JudgeItem,
  services: RunServices,
): Promise<Judgement | { status: "failed"; reason: string }> {
  try {
    return await judging.judge.judge(item, services.signal);
  } catch (error) {
    throwIfAborted(services.signal);
    // One item a judge stumbles over must not cost the others their verdicts; the reason is stored and shown.
    const reason = error instanceof Error ? error.message : String(error);
    services.events.note(`judge "${judging.spec.id}" failed on sample ${JSON.stringify(item.sample.id)}: ${reason}`);
    services.log("warn", error instanceof Error ? (error.stack ?? reason) : reason);
    return { status: "failed", reason };
  }
}

function slot(...parts: readonly string[]): string {
  return parts.join("\0");
}
