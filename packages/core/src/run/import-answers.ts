import { type AnswerRecord, isUnshiftError, type Sample, UnshiftError } from "@unshift/contracts";
import type { OpenModel, RunStore } from "@unshift/contracts/services";
import { throwIfAborted } from "./aborted.js";
import { prepareItem } from "./answer-item.js";
import type { WrittenAnswers } from "./answers-file.js";
import { promptRecord } from "./build-prompt.js";
import { Conversations } from "./conversation.js";
import { keyOf } from "./key.js";
import { modelOf, type OpenModels } from "./open-models.js";
import type { PreparedExperiment, PreparedSystem } from "./prepared-experiment.js";
import type { RunServices } from "./run-services.js";

/** Under what imported answers are filed. */
interface Recording {
  readonly id: string;
  /** Whose ids the text becomes; null where no shift reads them. */
  readonly tokenizer: OpenModel | null;
  /** The system whose prompt the answers were given under; null where only the answers are known. */
  readonly system: PreparedSystem | null;
}

/**
 * The answers of every system that has them from a file, as records of the run: each text is tokenised once, here. Samples that
 * the file does not answer are skipped, with the reason.
 */
export async function importAnswers(
  prepared: PreparedExperiment,
  models: OpenModels,
  stored: (system: string, sampleId: string) => AnswerRecord | undefined,
  store: RunStore,
  services: RunServices,
): Promise<AnswerRecord[]> {
  const records: AnswerRecord[] = [];
  for (const recording of recordingsOf(prepared, models)) {
    const written = prepared.written.get(recording.id);
    if (written === undefined) {
      throw new UnshiftError("INTERNAL", `the answers of system "${recording.id}" were not read`);
    }
    const { samples } = prepared.selection;
    services.events.stage("answer", `${recording.id} (from its file)`, samples.length, 0);
    const conversations = new Conversations(samples);
    const own = new Map<string, AnswerRecord>();
    for (const sample of conversations.turns().flat()) {
      throwIfAborted(services.signal);
      const record = await recordOf(prepared, recording, sample, written, conversations, own);
      own.set(sample.id, record);
      if (stored(recording.id, sample.id)?.key !== record.key) {
        await store.appendAnswer(record);
      }
      services.events.tick(record.status === "answered" ? "done" : record.status);
    }
    records.push(...samples.flatMap(({ id }) => own.get(id) ?? []));
  }
  return records;
}

function recordingsOf(prepared: PreparedExperiment, models: OpenModels): Recording[] {
  return [
    ...prepared.systems
      .filter(({ spec }) => spec.answers !== null)
      .map((system) => ({ id: system.spec.id, tokenizer: modelOf(models, system.spec.model), system })),
    ...prepared.recorded.map(({ id, tokenizer }) => ({
      id,
      tokenizer: tokenizer === null ? null : modelOf(models, tokenizer),
      system: null,
    })),
  ];
}

async function recordOf(
  prepared: PreparedExperiment,
  { id, tokenizer, system }: Recording,
  sample: Sample,
  written: WrittenAnswers,
  conversations: Conversations,
  own: ReadonlyMap<string, AnswerRecord>,
): Promise<AnswerRecord> {
  const answer = written.bySample.get(sample.id);
  if (answer === undefined) {
    const reason = {
      code: "ANSWERS_FILE",
      message: `system "${id}": its file holds no answer to sample ${JSON.stringify(sample.id)}`,
    };
    const key = keyOf({ kind: "imported", system: id, sampleId: sample.id, missing: true });
    return { status: "skipped", key, system: id, sampleId: sample.id, reason, promptTokens: null, contextSize: null };
  }
  const ids = tokenizer === null ? [] : Array.from(tokenizer.encodeText(answer.text));
  const imported = { sha256: written.sha256, generator: answer.generator };
  const rest = {
    status: "answered",
    system: id,
    sampleId: sample.id,
    ids,
    rawIds: ids,
    text: answer.text,
    raw: answer.text,
    finishReason: "unknown",
    stop: null,
    durationMs: 0,
    imported,
  } as const;
  const chat = chatFault(conversations, sample, own);
  if (chat !== null) {
    const key = keyOf({ kind: "imported", system: id, sampleId: sample.id, code: chat.code });
    return {
      status: "skipped",
      key,
      system: id,
      sampleId: sample.id,
      reason: chat,
      promptTokens: null,
      contextSize: null,
    };
  }
  const vocabulary = tokenizer?.identity.vocabularyHash ?? null;
  if (system === null || tokenizer === null) {
    const key = keyOf({ kind: "imported", system: id, sampleId: sample.id, vocabulary, ...answer });
    return { ...rest, key, prompt: { text: "", ids: [], prefixLength: 0, provenance: {} } };
  }
  const item = await prepareItem(prepared, system, tokenizer, sample, conversations, own);
  if (!("prompt" in item)) {
    return item;
  }
  const key = keyOf({ kind: "imported", prompt: item.key, ...answer });
  return { ...rest, key, prompt: promptRecord(item.prompt) };
}

/** Why the chat before a sample is not whole, or null. */
function chatFault(
  conversations: Conversations,
  sample: Sample,
  own: ReadonlyMap<string, AnswerRecord>,
): { readonly code: string; readonly message: string } | null {
  try {
    conversations.chat(sample, own);
    return null;
  } catch (error) {
    if (isUnshiftError(error) && error.code === "TURN_UNANSWERED") {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
}
