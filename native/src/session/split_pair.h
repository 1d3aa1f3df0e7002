/**
 * compare_pair in two halves, for models that are never in memory together: the reference leaves its rows in a file, the subject reads
 * them. Both halves cut items as compare_pair does, so with float32 rows the columns are bit for bit the same.
 */
#pragma once

#include <string>

#include "rows_file.h"
#include "score.h"

namespace unshift {

/** The side that is not there: its vocabulary and the chunk size its context has. */
struct AbsentSide {
  const Vocabulary* vocabulary;
  int32_t chunk_size;
};

struct SplitRequest {
  PairRequest pair;
  std::string path;
  bool half = false;
};

struct WrittenRows {
  double bytes = 0;
  Rounding rounding;
  int32_t reused = 0, decoded = 0;
};

/** First half. Throws what compare_pair throws about the reference, RUN_NO_SPACE, RUN_NOT_WRITABLE. */
WrittenRows write_reference_rows(Context& reference, const AbsentSide& subject, const SplitRequest& request, const AbortFlag& abort);

struct SplitColumns {
  PairColumns columns;
  Rounding rounding;
};

/** Second half; `reference.decoded` and `reused` are 0. Throws what compare_pair throws about the subject, RUN_CORRUPT. */
SplitColumns compare_with_rows(const Model& reference, int32_t reference_chunk, Context& subject, const SplitRequest& request, const AbortFlag& abort);

}  // namespace unshift
