/** Generation of many requests over the sequences of one context. */
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "context.h"
#include "sampler.h"
#include "score.h"

namespace unshift {

struct GenerateRequest {
  std::vector<int32_t> prompt;
  int32_t prefix = 0;
  int32_t max_tokens = 1;
  SamplerSettings sampler;
  std::vector<std::string> stop, stop_always;
  bool code_blocks = false;
  std::vector<int32_t> stop_ids;
  std::optional<std::string> grammar;
  bool capture = false;
  int32_t capture_top_k = 10;
};

enum class FinishReason { eos, stop, length, context };

const char* finish_name(FinishReason reason);

/** Mirrors Generation of index.d.ts. */
struct Generation {
  std::vector<int32_t> ids;
  std::string raw, text;
  int32_t answer_length = 0;
  FinishReason finish = FinishReason::length;
  std::optional<std::string> stop;
  bool in_code_block = false;
  int32_t prompt_tokens = 0, reused = 0;
  double duration_ms = 0;
  std::optional<Columns> captured;
};

struct GenerateCallbacks {
  std::function<void(size_t index, const Generation&)> on_done;
  std::function<void(size_t index, int32_t id)> on_token;
};

std::vector<Generation> generate(Context& context, const std::vector<GenerateRequest>& requests, const GenerateCallbacks& callbacks,
                                 const AbortFlag& abort);

}  // namespace unshift
