#include "embedder.h"

#include <algorithm>
#include <cmath>

#include "failure.h"
#include "grid.h"
#include "llama.h"

namespace unshift {
namespace {

/** llama.cpp keeps room for the logits of every token whose row it gives, also where the model has none. */
constexpr double kRowBytes = 128.0 * 1024 * 1024;
constexpr double kWholeBytes = 512.0 * 1024 * 1024;

std::string metadata_of(const Model& model, const std::string& key) {
  for (const auto& [name, value] : model.metadata()) {
    if (name == key) return value;
  }
  return "";
}

/** What the file says under `<architecture>.pooling_type`: llama.cpp's number, "" where it says nothing. */
std::string declared_pooling(const Model& model) {
  return metadata_of(model, metadata_of(model, "general.architecture") + ".pooling_type");
}

Pooling choose_pooling(const Model& model, const std::optional<Pooling>& wanted) {
  std::string declared = declared_pooling(model);
  if (declared == std::to_string(LLAMA_POOLING_TYPE_RANK)) {
    throw Failure("EMBEDDING_UNSUPPORTED",
                  model.path() + " ranks pairs of texts (its pooling is \"rank\") and gives no embeddings; an embedding model pools by mean, last or cls.",
                  {{"path", model.path()}, {"pooling", std::string("rank")}, {"allowed", std::string("mean, last, cls")}});
  }
  if (wanted) return *wanted;
  if (declared == std::to_string(LLAMA_POOLING_TYPE_CLS)) return Pooling::cls;
  if (declared == std::to_string(LLAMA_POOLING_TYPE_LAST)) return Pooling::last;
  return Pooling::mean;
}

}  // namespace

const char* pooling_name(Pooling pooling) {
  static const char* names[] = {"mean", "last", "cls"};
  return names[static_cast<int>(pooling)];
}

Embedder::Embedder(std::shared_ptr<Model> model, EmbedderSettings settings, std::shared_ptr<const LogSink> log)
    : model_(std::move(model)), settings_(settings), log_(std::move(log)), pooling_(choose_pooling(*model_, settings.pooling)) {
  if (settings_.threads == 0) settings_.threads = default_threads();
  encoder_ = llama_model_has_encoder(model_->get());
  whole_ = encoder_ || metadata_of(*model_, metadata_of(*model_, "general.architecture") + ".attention.causal") == "false";
  create();
  // Which models look both ways is llama.cpp's knowledge: it gives them no memory of past tokens.
  if (!whole_ && !llama_get_memory(context_)) {
    LogScope scope(nullptr);
    llama_free(context_);
    context_ = nullptr;
    whole_ = true;
    create();
  }
  dimensions_ = llama_model_n_embd_out(model_->get());
  sum_.resize(static_cast<size_t>(dimensions_));
}

void Embedder::create() {
  auto refuse = [this](const std::string& why) {
    throw Failure("CONTEXT_CREATE_FAILED", "No embedder for " + model_->path() + ": " + why, {{"path", model_->path()}, {"reason", why}});
  };
  if (model_->vocab_only() || model_->sizes_only()) refuse("its weights were not loaded (vocabOnly, sizesOnly).");
  int32_t v = std::max(model_->vocabulary().size(), 1), trained = std::max(model_->trained_context(), 1);
  // Learned positions end at the trained context, so no text may be longer.
  int32_t most = whole_ ? block_rows(2048, kWholeBytes, 1, v) : 2048;
  max_tokens_ = std::min(trained, settings_.context_size > 0 ? settings_.context_size : most);
  chunk_ = whole_ ? max_tokens_ : std::min(max_tokens_, block_rows(512, kRowBytes, 1, v));

  llama_context_params params = llama_context_default_params();
  params.n_ctx = (static_cast<uint32_t>(max_tokens_) + 255) / 256 * 256;
  params.n_batch = params.n_ubatch = static_cast<uint32_t>(chunk_);
  params.n_seq_max = 1;
  params.n_threads = settings_.threads;
  params.n_threads_batch = settings_.threads;
  params.embeddings = true;
  params.pooling_type = LLAMA_POOLING_TYPE_NONE;
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

Embedder::~Embedder() {
  LogScope scope(nullptr);
  if (context_ && !model_->unreachable()) llama_free(context_);
}

void Embedder::check(const std::vector<std::vector<int32_t>>& texts) const {
  for (size_t i = 0; i < texts.size(); i++) {
    std::string name = "texts[" + std::to_string(i) + "]";
    for (int32_t id : texts[i]) {
      if (model_->vocabulary().holds(id)) continue;
      throw Failure("NATIVE_INVALID_ARGUMENT", name + " holds " + std::to_string(id) + ", not an id of a vocabulary of " + std::to_string(model_->vocabulary().size()) + ".",
                    {{"argument", name}, {"id", static_cast<double>(id)}});
    }
    if (texts[i].size() <= static_cast<size_t>(max_tokens_)) continue;
    throw Failure("CONTEXT_TOO_SMALL", name + " has " + std::to_string(texts[i].size()) + " tokens; this embedder reads " + std::to_string(max_tokens_) + ". Cut the text, or make the embedder with a larger contextSize.",
                  {{"index", static_cast<double>(i)}, {"tokens", static_cast<double>(texts[i].size())}, {"contextSize", static_cast<double>(max_tokens_)}});
  }
}

std::vector<float> Embedder::embed(const std::vector<std::vector<int32_t>>& texts, const std::function<void(size_t)>& on_done, const AbortFlag& abort) {
  check(texts);
  auto d = static_cast<size_t>(dimensions_);
  std::vector<float> rows(texts.size() * d);
  for (size_t i = 0; i < texts.size(); i++) {
    if (!texts[i].empty()) pool(texts[i], i, rows.data() + i * d, abort);
    if (on_done) on_done(i + 1);
  }
  return rows;
}

void Embedder::pool(const std::vector<int32_t>& ids, size_t index, float* row, const AbortFlag& abort) {
  size_t n = ids.size(), d = sum_.size(), chunk = static_cast<size_t>(chunk_);
  std::fill(sum_.begin(), sum_.end(), 0.0);
  if (llama_memory_t memory = llama_get_memory(context_)) llama_memory_clear(memory, false);
  for (size_t from = 0; from < n; from += chunk) {
    size_t to = std::min(n, from + chunk);
    decode(ids, from, to, abort);
    const float* states = llama_get_embeddings(context_);  // [to − from, d]
    if (!states) throw Failure("DECODE_FAILED", "llama.cpp gave no embeddings for " + model_->path() + ".", {{"path", model_->path()}});
    for (size_t t = from; t < to; t++, states += d) {
      bool wanted = pooling_ == Pooling::mean || t == (pooling_ == Pooling::cls ? 0 : n - 1);
      for (size_t j = 0; wanted && j < d; j++) sum_[j] += static_cast<double>(states[j]);
    }
  }
  double square = 0;
  for (double x : sum_) square += x * x;
  if (!std::isfinite(square)) {
    // What is masked is still multiplied by zero: a NaN left in memory would reach the next text.
    if (llama_memory_t memory = llama_get_memory(context_)) llama_memory_clear(memory, true);
    throw Failure("LOGITS_NOT_FINITE", model_->path() + " gave a row that is not finite for texts[" + std::to_string(index) + "]: the file may be damaged, or its activations overflow in this precision.",
                  {{"path", model_->path()}, {"index", static_cast<double>(index)}});
  }
  // The length takes a mean's division away.
  double scale = square > 0 ? 1 / std::sqrt(square) : 0;
  for (size_t j = 0; j < d; j++) row[j] = static_cast<float>(sum_[j] * scale);
}

void Embedder::decode(const std::vector<int32_t>& ids, size_t from, size_t to, const AbortFlag& abort) {
  if (broken_) throw Failure("DECODE_FAILED", "This Embedder met an internal error of llama.cpp before and cannot go on; make another one.");
  if (abort.load(std::memory_order_relaxed)) throw Failure("ABORTED", "The computation was aborted.");
  std::vector<int32_t> tokens(ids.begin() + static_cast<std::ptrdiff_t>(from), ids.begin() + static_cast<std::ptrdiff_t>(to));
  size_t n = tokens.size();
  std::vector<int32_t> positions(n), counts(n, 1);
  for (size_t i = 0; i < n; i++) positions[i] = static_cast<int32_t>(from + i);
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
    status = encoder_ ? llama_encode(context_, batch) : llama_decode(context_, batch);
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
