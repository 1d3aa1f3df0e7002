import { type AnswerRecord, instructionOf, type VerdictRecord } from "@unshift/contracts";
import type { ReplyRecord, RunStore } from "@unshift/contracts/services";
import type { JudgedOrder, ReleasedOutcome, ReleasedVerdict } from "@unshift/formats";
import { rationalesByAspect } from "./rationales-by-aspect.js";

/** A stored verdict as released files have it, or why none of them has. */
export interface ReleasedRecord {
  readonly record: VerdictRecord;
  readonly verdict: ReleasedVerdict | string;
}

/**
 * Verdicts of a run in the one form of all released files, in dataset order. A failed one is still to be judged: the next sitting
 * asks again.
 *
 * @param names system → generator, where it is to have another name than the one its answers came with or its id
 */
export async function releasedVerdicts(
  store: RunStore,
  records: readonly VerdictRecord[],
  names: ReadonlyMap<string, string>,
): Promise<readonly ReleasedRecord[]> {
  const samples = await store.samples();
  const rank = new Map(samples.map(({ id }, index) => [id, index]));
  const instructions = new Map(samples.map((sample) => [sample.id, instructionOf(sample)]));
  const answers = new Map((await store.answers()).map((answer) => [slotOf(answer.system, answer.sampleId), answer]));
  const asked = records.some(({ replies = [] }) => replies.length > 0);
  const replies = new Map(asked ? (await store.replies()).map((reply) => [reply.key, reply]) : []);
  const inOrder = records
    .filter(({ sampleId }) => rank.has(sampleId))
    .toSorted((a, b) => (rank.get(a.sampleId) ?? 0) - (rank.get(b.sampleId) ?? 0));
  return inOrder.map((record) => {
    const { sampleId, system, against, repeat, judgement } = record;
    if (repeat !== undefined) return { record, verdict: "the format holds a verdict once, and this is a repeat" };
    if (judgement.status === "not-applicable") return { record, verdict: `not applicable: ${judgement.reason}` };
    const generator = (id: string) => names.get(id) ?? importedFrom(answers.get(slotOf(id, sampleId))) ?? id;
    const texts = {
      ...some("instruction", instructions.get(sampleId)),
      ...some("answer", textOf(answers.get(slotOf(system, sampleId)))),
      ...(against === undefined ? {} : some("against", textOf(answers.get(slotOf(against, sampleId))))),
    };
    const said = (record.replies ?? []).flatMap((key) => replies.get(key) ?? []);
    const verdict: ReleasedVerdict = {
      sampleId,
      system: generator(system),
      ...(against === undefined ? {} : { against: generator(against) }),
      judge: said[0]?.reply.model ?? recordedJudge(record) ?? record.judge,
      texts,
      outcome: outcomeOf(judgement),
      ...ordersOf(judgement, said),
      raw: joined(said.map(({ reply }) => reply.text)) ?? ("raw" in judgement ? (judgement.raw ?? null) : null),
      request: joined(said.map(promptOf)) ?? recordedPrompt(record),
      extras: {},
    };
    return { record, verdict };
  });
}

function outcomeOf(judgement: VerdictRecord["judgement"]): ReleasedOutcome {
  switch (judgement.status) {
    case "scored": {
      const { notApplicable = [], scores, rationale } = judgement;
      // What "N/A" counts is the summary's to say.
      const told = Object.fromEntries(Object.entries(scores).filter(([aspect]) => !notApplicable.includes(aspect)));
      const rationales = rationalesByAspect(rationale, [...Object.keys(told), ...notApplicable]);
      return { status: "scored", scores: told, notApplicable, rationales };
    }
    case "preferred": {
      const { preferences, rationale } = judgement;
      return { status: "preferred", preferences, rationales: rationalesByAspect(rationale, Object.keys(preferences)) };
    }
    case "unparsed":
      return { status: "unread", reason: judgement.reason };
    default:
      return { status: "pending" };
  }
}

function ordersOf(
  judgement: VerdictRecord["judgement"],
  said: readonly ReplyRecord[],
): Pick<ReleasedVerdict, "orders"> {
  if (judgement.status !== "preferred" || judgement.orders === undefined) return {};
  const [first, second] = judgement.orders.map((preferences, at): JudgedOrder => {
    const [preference = null, ...others] = Object.values(preferences);
    const reply = said[at];
    return {
      preference: others.length > 0 || preference === "inconsistent" ? null : preference,
      raw: reply?.reply.text ?? null,
      request: reply === undefined ? null : promptOf(reply),
    };
  });
  return first === undefined || second === undefined ? {} : { orders: [first, second] };
}

/** What the judge was asked: the user's messages, as the released files keep them. */
function promptOf({ request }: ReplyRecord): string {
  return request.messages
    .filter(({ role }) => role === "user")
    .map(({ content }) => content)
    .join("\n\n");
}

/** Of a verdict that was itself read from a released file: who judged. */
function recordedJudge({ judgement }: VerdictRecord): string | null {
  const judge = "request" in judgement ? judgement.request?.["judge"] : undefined;
  return typeof judge === "string" ? judge : null;
}

function recordedPrompt({ judgement }: VerdictRecord): string | null {
  const prompt = "request" in judgement ? judgement.request?.["prompt"] : undefined;
  return typeof prompt === "string" ? prompt : null;
}

function importedFrom(answer: AnswerRecord | undefined): string | null {
  return answer?.status === "answered" ? (answer.imported?.generator ?? null) : null;
}

function textOf(answer: AnswerRecord | undefined): string | undefined {
  return answer?.status === "answered" ? answer.text : undefined;
}

function joined(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join("\n\n");
}

function some<Name extends string>(name: Name, value: string | undefined): { readonly [Key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
}

function slotOf(system: string, sampleId: string): string {
  return JSON.stringify([system, sampleId]);
}
