#include "ranker.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "failure.h"
#include "gguf.h"
#include "grid.h"
#include "llama.h"

namespace unshift {
namespace {

/** llama.cpp keeps room for the logits of every token, also where only the head is wanted. */
constexpr double kLogitBytes = 512.0 * 1024 * 1024;

/**
 * Whether a file holds the head's last layer. Without one llama.cpp hands out the first numbers of a hidden state as if they were
 * scores, and no function of llama.h tells.
 */
bool holds_head(const std::string& path) {
  gguf_init_params params{};
  params.no_alloc = true;
  std::unique_ptr<gguf_context, decltype(&gguf_free)> file(gguf_init_from_file(path.c_str(), params), gguf_free);
  return file && gguf_find_tensor(file.get(), "cls.output.weight") >= 0;
}

}  // namespace

Ranker::Ranker(std::shared_ptr<Model> model, RankerSettings settings, std::shared_ptr<const LogSink> log)
    : model_(std::move(model)), settings_(settings), log_(std::move(log)) {
  if (settings_.threads == 0) settings_.threads = default_threads();
  bool head = std::any_of(model_->files().begin(), model_->files().end(), holds_head);
  if (!head) {
    throw Failure("EMBEDDING_UNSUPPORTED", model_->path() + " has no classifier head (no tensor cls.output.weight), so it scores no text.",
                  {{"path", model_->path()}, {"tensor", std::string("cls.output.weight")}});
  }
  for (uint32_t i = 0; i < llama_model_n_cls_out(model_->get()); i++) {
    const char* label = llama_model_cls_label(model_->get(), i);
    labels_.emplace_back(label ? label : "");
  }
  create();
}

void Ranker::create() {
  auto refuse = [this](const std::string& why) {
    throw Failure("CONTEXT_CREATE_FAILED", "No ranker for " + model_->path() + ": " + why, {{"path", model_->path()}, {"reason", why}});
  };
  if (model_->vocab_only() || model_->sizes_only()) refuse("its weights were not loaded (vocabOnly, sizesOnly).");
  int32_t v = std::max(model_->vocabulary().size(), 1), trained = std::max(model_->trained_context(), 1);
  // Learned positions end at the trained context, so no text may be longer.
  max_tokens_ = std::min(trained, settings_.context_size > 0 ? settings_.context_size : block_rows(2048, kLogitBytes, 1, v));

  llama_context_params params = llama_context_default_params();
  params.n_ctx = (static_cast<uint32_t>(max_tokens_) + 255) / 256 * 256;
  params.n_batch = params.n_ubatch = static_cast<uint32_t>(max_tokens_);
  params.n_seq_max = 1;
  params.n_threads = settings_.threads;
  params.n_threads_batch = settings_.threads;
  params.embeddings = true;
  params.pooling_type = LLAMA_POOLING_TYPE_RANK;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  params.type_k = GGML_TYPE_F32;
  params.type_v = GGML_TYPE_F32;
  params.swa_full = true;
  params.no_perf = true;
  LogScope scope(log_);
  AssertionScope assertions;
  std::string reason;
  try {
    context_ = llama_init_from_model(model_->get(), params);
  } catch (const std::exception& error) {
    reason = error.what();
  }
  if (!context_) {
    if (reason.empty()) reason = scope.problems();
    refuse(reason.empty() ? "llama.cpp gave no reason (out of memory?)." : reason + ".");
  }
  for (const MemoryLog::Buffer& buffer : scope.memory().buffers()) memory_bytes_ += buffer.bytes;
}

Ranker::~Ranker() {
  LogScope scope(nullptr);
  if (context_ && !model_->unreachable()) llama_free(context_);
}

void Ranker::check(const std::vector<std::vector<int32_t>>& texts) const {
  for (size_t i = 0; i < texts.size(); i++) {
    std::string name = "texts[" + std::to_string(i) + "]";
    if (texts[i].empty()) throw Failure("NATIVE_INVALID_ARGUMENT", name + " holds no id: there is nothing to score.", {{"argument", name}});
    for (int32_t id : texts[i]) {
      if (model_->vocabulary().holds(id)) continue;
      throw Failure("NATIVE_INVALID_ARGUMENT", name + " holds " + std::to_string(id) + ", not an id of a vocabulary of " + std::to_string(model_->vocabulary().size()) + ".",
                    {{"argument", name}, {"id", static_cast<double>(id)}});
    }
    if (texts[i].size() <= static_cast<size_t>(max_tokens_)) continue;
    throw Failure("CONTEXT_TOO_SMALL", name + " has " + std::to_string(texts[i].size()) + " tokens; this ranker reads " + std::to_string(max_tokens_) + ". Cut the text, or make the ranker with a larger contextSize.",
                  {{"index", static_cast<double>(i)}, {"tokens", static_cast<double>(texts[i].size())}, {"contextSize", static_cast<double>(max_tokens_)}});
  }
}

std::vector<float> Ranker::score(const std::vector<std::vector<int32_t>>& texts, const std::function<void(size_t)>& on_done, const AbortFlag& abort) {
  check(texts);
  size_t outputs = labels_.size();
  std::vector<float> rows;
  rows.reserve(texts.size() * outputs);
  for (size_t i = 0; i < texts.size(); i++) {
    llama_memory_t memory = llama_get_memory(context_);
    if (memory) llama_memory_clear(memory, false);
    decode(texts[i], abort);
    const float* row = llama_get_embeddings_seq(context_, 0);  // [labels]
    if (!row) throw Failure("DECODE_FAILED", "llama.cpp gave no scores for " + model_->path() + ".", {{"path", model_->path()}});
    for (size_t j = 0; j < outputs; j++) {
      if (std::isfinite(row[j])) continue;
      // What is masked is still multiplied by zero: a NaN left in memory would reach the next text.
      if (memory) llama_memory_clear(memory, true);
      throw Failure("LOGITS_NOT_FINITE", model_->path() + " gave a score that is not finite for texts[" + std::to_string(i) + "]: the file may be damaged, or its activations overflow in this precision.",
                    {{"path", model_->path()}, {"index", static_cast<double>(i)}});
    }
    rows.insert(rows.end(), row, row + outputs);
    if (on_done) on_done(i + 1);
  }
  return rows;
}

void Ranker::decode(const std::vector<int32_t>& ids, const AbortFlag& abort) {
  if (broken_) throw Failure("DECODE_FAILED", "This Ranker met an internal error of llama.cpp before and cannot go on; make another one.");
  if (abort.load(std::memory_order_relaxed)) throw Failure("ABORTED", "The computation was aborted.");
  std::vector<int32_t> tokens(ids);
  size_t n = tokens.size();
  std::vector<int32_t> positions(n), counts(n, 1);
  for (size_t i = 0; i < n; i++) positions[i] = static_cast<int32_t>(i);
  int32_t sequence = 0;
  std::vector<int32_t*> sequences(n, &sequence);
  std::vector<int8_t> wanted(n, 1);
  llama_batch batch{};
  batch.n_tokens = static_cast<int32_t>(n);
  batch.token = tokens.data();
  batch.pos = positions.data();
  batch.n_seq_id = counts.data();
  batch.seq_id = sequences.data();
  batch.logits = wanted.data();

  LogScope scope(log_);
  AssertionScope assertions;
  int32_t status = -100;
  std::string reason;
  llama_set_abort_callback(
      context_, [](void* flag) { return static_cast<const AbortFlag*>(flag)->load(std::memory_order_relaxed); },
      const_cast<AbortFlag*>(&abort));
  try {
    status = llama_decode(context_, batch);
    if (status == 0) llama_synchronize(context_);
  } catch (const std::exception& error) {
    reason = error.what();
    broken_ = true;
  }
  llama_set_abort_callback(context_, nullptr, nullptr);
  if (status == 0) return;
  if (abort.load()) throw Failure("ABORTED", "The computation was aborted.");
  if (reason.empty()) reason = scope.problems();
  throw Failure("DECODE_FAILED", "llama.cpp could not evaluate " + std::to_string(n) + " tokens (status " + std::to_string(status) + ")" + (reason.empty() ? "." : ": " + reason + "."),
                {{"status", static_cast<double>(status)}, {"tokens", static_cast<double>(n)}, {"reason", reason}});
}

}  // namespace unshift
