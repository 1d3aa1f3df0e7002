/** The arguments that comparePair and its two halves have in common. */
#pragma once

#include "values.h"

// The names of those arguments, for Fields.
#define UNSHIFT_PAIR_FIELDS \
  "referencePrompt", "subjectPrompt", "answer", "referencePrefixLength", "subjectPrefixLength", "topK", "blockBytes", "allowExtendedVocabulary"

namespace unshift::binding {

constexpr int32_t kMaxTopK = 1 << 20;

PairRequest read_pair_request(const Fields& fields);

}  // namespace unshift::binding
