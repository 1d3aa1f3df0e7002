/**
 * Texts to rows by the hidden states behind a model's last norm: mean, last or first token, length 1.
 *
 * llama.cpp is asked for every token's row and the rows are pooled here, in double: a text longer than one decode has the same
 * meaning as a short one, and layers some files put behind the pooling are affine, so they may as well come before it. One text
 * at a time from an empty memory, cut at fixed places: a row follows from its text alone.
 */
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model.h"

struct llama_context;

namespace unshift {

enum class Pooling { mean, last, cls };

const char* pooling_name(Pooling pooling);

struct EmbedderSettings {
  int32_t context_size = 0;  // tokens of one text; 0: the trained context, at most 2048
  int32_t threads = 0;       // 0: default_threads()
  std::optional<Pooling> pooling;  // none: the file's own; mean where it names none
};

class Embedder {
 public:
  Embedder(std::shared_ptr<Model> model, EmbedderSettings settings, std::shared_ptr<const LogSink> log);
  ~Embedder();
  Embedder(const Embedder&) = delete;
  Embedder& operator=(const Embedder&) = delete;

  Pooling pooling() const { return pooling_; }
  int32_t dimensions() const { return dimensions_; }
  int32_t max_tokens() const { return max_tokens_; }
  int32_t threads() const { return settings_.threads; }
  double memory_bytes() const { return memory_bytes_; }

  /**
   * [texts, dimensions] rows of length 1; zero for a text without a token. `on_done` hears the number of texts finished.
   * Throws CONTEXT_TOO_SMALL, LOGITS_NOT_FINITE, DECODE_FAILED, ABORTED.
   */
  std::vector<float> embed(const std::vector<std::vector<int32_t>>& texts, const std::function<void(size_t)>& on_done, const AbortFlag& abort);

 private:
  void create();
  void check(const std::vector<std::vector<int32_t>>& texts) const;
  void pool(const std::vector<int32_t>& ids, size_t index, float* row, const AbortFlag& abort);
  void decode(const std::vector<int32_t>& ids, size_t from, size_t to, const AbortFlag& abort);

  std::shared_ptr<Model> model_;
  EmbedderSettings settings_;
  std::shared_ptr<const LogSink> log_;
  llama_context* context_ = nullptr;
  Pooling pooling_;
  /** Attention looks at the whole text at once, so it cannot be decoded in pieces. */
  bool whole_ = false;
  bool encoder_ = false, broken_ = false;
  int32_t dimensions_ = 0, max_tokens_ = 0, chunk_ = 0;
  double memory_bytes_ = 0;
  std::vector<double> sum_;
};

}  // namespace unshift
