/**
 * Texts to the outputs of a model's classifier head: a reward, relevance of a pair, a class each.
 *
 * The head is llama.cpp's (LLAMA_POOLING_TYPE_RANK), which reads one row of one decode: a text is never cut into several. One text at
 * a time from an empty memory, so a score follows from its text alone.
 */
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model.h"

struct llama_context;

namespace unshift {

struct RankerSettings {
  int32_t context_size = 0;  // tokens of one text; 0: the trained context, at most 2048 and what 512 MiB of logits allow
  int32_t threads = 0;       // 0: default_threads()
};

class Ranker {
 public:
  /** Throws EMBEDDING_UNSUPPORTED where the file has no classifier head, CONTEXT_CREATE_FAILED. */
  Ranker(std::shared_ptr<Model> model, RankerSettings settings, std::shared_ptr<const LogSink> log);
  ~Ranker();
  Ranker(const Ranker&) = delete;
  Ranker& operator=(const Ranker&) = delete;

  /** One for each output; "" where the file names none. */
  const std::vector<std::string>& labels() const { return labels_; }
  int32_t max_tokens() const { return max_tokens_; }
  int32_t threads() const { return settings_.threads; }
  double memory_bytes() const { return memory_bytes_; }

  /**
   * [texts, labels] as the head gives them: raw outputs; probabilities where llama.cpp puts a softmax behind the head (Qwen3).
   * Throws NATIVE_INVALID_ARGUMENT (a text without an id too), CONTEXT_TOO_SMALL, LOGITS_NOT_FINITE, DECODE_FAILED, ABORTED.
   */
  std::vector<float> score(const std::vector<std::vector<int32_t>>& texts, const std::function<void(size_t)>& on_done, const AbortFlag& abort);

 private:
  void create();
  void check(const std::vector<std::vector<int32_t>>& texts) const;
  void decode(const std::vector<int32_t>& ids, const AbortFlag& abort);

  std::shared_ptr<Model> model_;
  RankerSettings settings_;
  std::shared_ptr<const LogSink> log_;
  llama_context* context_ = nullptr;
  std::vector<std::string> labels_;
  bool broken_ = false;
  int32_t max_tokens_ = 0;
  double memory_bytes_ = 0;
};

}  // namespace unshift
