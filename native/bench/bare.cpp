#include "bare.h"

#include <algorithm>
#include <stdexcept>

#include "llama.h"

namespace unshift::bench {

Bare::Bare(std::shared_ptr<Model> model, const BareSettings& settings) : model_(std::move(model)) {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = static_cast<uint32_t>((settings.context_size + 255) / 256 * 256 * settings.sequences);
  params.n_batch = params.n_ubatch = static_cast<uint32_t>(std::max(settings.batch, settings.sequences));
  params.n_seq_max = static_cast<uint32_t>(settings.sequences);
  params.n_outputs_max = static_cast<uint32_t>(std::max(settings.rows, settings.sequences));
  params.n_threads = params.n_threads_batch = settings.threads;
  params.kv_unified = false;
  params.swa_full = true;
  params.no_perf = true;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  params.type_k = params.type_v = GGML_TYPE_F32;
  context_ = llama_init_from_model(model_->get(), params);
  if (!context_) throw std::runtime_error("no bare context");
}

Bare::~Bare() { llama_free(context_); }

void Bare::clear() { llama_memory_clear(llama_get_memory(context_), false); }

void Bare::run(std::vector<int32_t> tokens, std::vector<int32_t> positions, std::vector<int32_t> sequences, std::vector<int8_t> wanted) {
  std::vector<int32_t> counts(tokens.size(), 1);
  std::vector<int32_t*> pointers(tokens.size());
  for (size_t i = 0; i < tokens.size(); i++) pointers[i] = &sequences[i];
  llama_batch batch{};
  batch.n_tokens = static_cast<int32_t>(tokens.size());
  batch.token = tokens.data();
  batch.pos = positions.data();
  batch.n_seq_id = counts.data();
  batch.seq_id = pointers.data();
  batch.logits = wanted.data();
  if (llama_decode(context_, batch) != 0) throw std::runtime_error("llama_decode failed");
  llama_synchronize(context_);
}

void Bare::decode(const std::vector<int32_t>& tokens, int32_t from, int32_t to, int32_t rows_from) {
  std::vector<int32_t> positions;
  std::vector<int8_t> wanted;
  for (int32_t at = from; at < to; at++) {
    positions.push_back(at);
    wanted.push_back(at >= rows_from);
  }
  auto n = static_cast<size_t>(to - from);
  run({tokens.begin() + from, tokens.begin() + to}, std::move(positions), std::vector<int32_t>(n, 0), std::move(wanted));
}

void Bare::prompt(const std::vector<int32_t>& tokens, int32_t sequence) {
  std::vector<int32_t> positions(tokens.size());
  std::vector<int8_t> wanted(tokens.size(), 0);
  for (size_t i = 0; i < tokens.size(); i++) positions[i] = static_cast<int32_t>(i);
  wanted.back() = 1;
  run(tokens, std::move(positions), std::vector<int32_t>(tokens.size(), sequence), std::move(wanted));
}

void Bare::step(const std::vector<int32_t>& tokens, const std::vector<int32_t>& positions) {
  std::vector<int32_t> sequences(tokens.size());
  for (size_t i = 0; i < sequences.size(); i++) sequences[i] = static_cast<int32_t>(i);
  run(tokens, positions, std::move(sequences), std::vector<int8_t>(tokens.size(), 1));
}

}  // namespace unshift::bench
