/**
 * Rows of logits of one answer on disk, with the columns they were reduced to: what one model leaves for the other when both are never in
 * memory together.
 *
 *   header   64 bytes: "UNSHROWS", version, precision, n, v, top k, dropped?, rounding (TV, KL)
 *   rows     [n, v] float32; or float16 of x − max, clamped to what it can hold
 *   columns  log-probability [n], entropy [n], dropped mass [n] if there is any, log-probabilities [n, k], rank [n], ids [n, k]
 *
 * In the byte order of the machine: a file is read where it was written, by the same build. It gets its name when it is whole.
 */
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "score.h"

namespace unshift {

struct RowsShape {
  int32_t n = 0;      // rows
  int32_t v = 0;      // ids
  int32_t top_k = 0;
  bool dropped = false;
  bool half = false;
};

/** How far float16 moves a row at most: total variation and KL(row ‖ rounded row) in nats, both 0 for float32. */
struct Rounding {
  double tv = 0, kl = 0;
};

/** Bytes of a whole file. */
double rows_file_bytes(const RowsShape& shape);

/** Writes a file beside its name and renames it. Throws RUN_NO_SPACE, RUN_NOT_WRITABLE. An unfinished one is removed. */
class RowsWriter {
 public:
  RowsWriter(std::string path, const RowsShape& shape);
  ~RowsWriter();
  RowsWriter(const RowsWriter&) = delete;
  RowsWriter& operator=(const RowsWriter&) = delete;

  /** `count` rows [count, v], the next ones; finite or −inf. */
  void rows(const float* rows, size_t count, int threads);
  /** The columns of all rows; the file then has its name. */
  void finish(const Columns& columns, const std::vector<double>& dropped);
  const Rounding& rounding() const { return rounding_; }

 private:
  void put(const void* data, size_t bytes);
  [[noreturn]] void fail(int reason);

  std::string path_, part_;
  RowsShape shape_;
  Rounding rounding_;
  std::vector<uint16_t> halves_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/** Reads a file of this shape. Throws RUN_CORRUPT for anything else. */
class RowsReader {
 public:
  RowsReader(std::string path, const RowsShape& shape);

  const Rounding& rounding() const { return rounding_; }
  /** The next `count` rows [count, v], valid until the next call. */
  const float* rows(size_t count, int threads);
  /** The columns, once all rows are read. */
  void finish(Columns& columns, std::vector<double>& dropped);

 private:
  void get(void* data, size_t bytes);
  [[noreturn]] void fail(const std::string& why);

  std::string path_;
  RowsShape shape_;
  Rounding rounding_;
  std::vector<float> rows_;
  std::vector<uint16_t> halves_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace unshift
