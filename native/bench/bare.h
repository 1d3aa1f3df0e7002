/** llama.cpp with nothing of ours around it: a context and llama_decode. */
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "session/model.h"

struct llama_context;

namespace unshift::bench {

struct BareSettings {
  int32_t context_size = 0, batch = 512, sequences = 1, rows = 1, threads = 1;
};

/** Strict numerics as session/context.cpp sets them: no flash attention, f32 memory. */
class Bare {
 public:
  Bare(std::shared_ptr<Model> model, const BareSettings& settings);
  ~Bare();
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  void clear();
  /** Tokens [from, to) of sequence 0 at their positions, rows wanted from `rows_from` on. */
  void decode(const std::vector<int32_t>& tokens, int32_t from, int32_t to, int32_t rows_from);
  /** A whole prompt into a sequence, in one batch, its last row wanted. */
  void prompt(const std::vector<int32_t>& tokens, int32_t sequence);
  /** Token i of `tokens` for sequence i at positions[i], all rows wanted. */
  void step(const std::vector<int32_t>& tokens, const std::vector<int32_t>& positions);

 private:
  void run(std::vector<int32_t> tokens, std::vector<int32_t> positions, std::vector<int32_t> sequences, std::vector<int8_t> wanted);

  std::shared_ptr<Model> model_;
  llama_context* context_;
};

}  // namespace unshift::bench
