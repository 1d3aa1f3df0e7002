#include "pair_request.h"

namespace unshift::binding {

PairRequest read_pair_request(const Fields& fields) {
  PairRequest request;
  request.reference_prompt = fields.ids("referencePrompt");
  request.subject_prompt = fields.ids("subjectPrompt");
  request.answer = fields.ids("answer");
  if (request.reference_prompt.empty()) invalid_argument("request.referencePrompt", "needs at least one id");
  if (request.subject_prompt.empty()) invalid_argument("request.subjectPrompt", "needs at least one id");
  if (request.answer.empty()) invalid_argument("request.answer", "needs at least one id");
  request.reference_prefix = fields.integer("referencePrefixLength", 0, 0, static_cast<int32_t>(request.reference_prompt.size()));
  request.subject_prefix = fields.integer("subjectPrefixLength", 0, 0, static_cast<int32_t>(request.subject_prompt.size()));
  request.top_k = fields.integer("topK", 10, 0, kMaxTopK);
  request.block_bytes = fields.number("blockBytes", 256.0 * 1024 * 1024, 1, 1e15);
  request.allow_extended = fields.boolean("allowExtendedVocabulary", false);
  return request;
}

}  // namespace unshift::binding
