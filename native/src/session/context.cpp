#include "context.h"

#include <algorithm>

#include "failure.h"
#include "llama.h"
#include "remote.h"

namespace unshift {
namespace {

/** Bytes of one model's rows that are alive at once by default: half of comparePair's 256 MiB. */
constexpr double kRowBytes = 128.0 * 1024 * 1024;

/** Strict batches of more than four rows come in multiples of four: repacked matrix kernels treat a remainder differently. */
int32_t strict_slots(int32_t sequences) { return sequences <= 4 ? sequences : (sequences + 3) / 4 * 4; }

/**
 * Bytes by device. The rows of logits grow with the first decode that asks for them, so their most is counted instead of what stands
 * there at first. Of a model opened for its sizes the KV memory is simulated: its size is spread over the layers that have one.
 */
DeviceSums memory_of(const MemoryLog& log, bool simulated, double row_bytes) {
  DeviceSums sums;
  sums.add("CPU", row_bytes);
  for (const MemoryLog::Buffer& buffer : log.buffers()) {
    if (buffer.kind != "output" && buffer.kind != "model") sums.add(device_of_buffer(buffer.type), buffer.bytes);
  }
  if (!simulated) return sums;
  const std::vector<std::string>& layers = log.cache_layers();
  for (const std::string& device : layers) sums.add(device, log.cache_bytes() / static_cast<double>(layers.size()));
  return sums;
}

}  // namespace

Context::Context(std::shared_ptr<Model> model, ContextSettings settings, std::shared_ptr<const LogSink> log)
    : model_(std::move(model)), settings_(settings), log_(std::move(log)) {
  auto refuse = [this](const std::string& why) {
    throw Failure("CONTEXT_CREATE_FAILED", "No context for " + model_->path() + ": " + why, {{"path", model_->path()}, {"reason", why}});
  };
  if (model_->unreachable()) throw_remote_lost();
  if (model_->vocab_only()) refuse("only its vocabulary was loaded (vocabOnly).");
  if (llama_model_has_encoder(model_->get()) || !llama_model_has_decoder(model_->get())) refuse("it is not a decoder-only language model.");
  if (settings_.context_size == 0) settings_.context_size = std::clamp(model_->trained_context(), 1, 4096);
  if (settings_.threads == 0) settings_.threads = default_threads();
  slots_count_ = settings_.strict ? strict_slots(settings_.sequences) : settings_.sequences;
  settings_.chunk_size = std::min(settings_.chunk_size, std::max(settings_.context_size, 1));
  int32_t v = model_->vocabulary().size();
  if (v <= 0) refuse("its vocabulary is empty.");
  max_rows_ = std::max(block_rows(settings_.chunk_size, kRowBytes, 1, v), slots_count_);

  llama_context_params params = llama_context_default_params();
  // llama.cpp rounds a sequence's share up to 256 cells.
  int64_t per_sequence = (int64_t{settings_.context_size} + 255) / 256 * 256;
  if (per_sequence * slots_count_ > INT32_MAX) refuse("contextSize × sequences is too large.");
  if (static_cast<size_t>(slots_count_) > llama_max_parallel_sequences()) {
    refuse("sequences may be at most " + std::to_string(llama_max_parallel_sequences()) + ".");
  }
  params.n_ctx = static_cast<uint32_t>(per_sequence * slots_count_);
  params.n_ubatch = static_cast<uint32_t>(std::max(settings_.chunk_size, slots_count_));
  params.n_batch = params.n_ubatch;
  params.n_seq_max = static_cast<uint32_t>(slots_count_);
  params.n_outputs_max = static_cast<uint32_t>(max_rows_);
  params.n_threads = settings_.threads;
  params.n_threads_batch = settings_.threads;
  params.kv_unified = false;
  params.swa_full = true;  // a sliding window's ring would lay cells out by history
  params.no_perf = true;
  if (settings_.strict) {
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    params.type_k = GGML_TYPE_F32;
    params.type_v = GGML_TYPE_F32;
  } else {
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_AUTO;
    params.type_k = GGML_TYPE_F16;
    params.type_v = GGML_TYPE_F16;
  }
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
  if (!llama_get_memory(context_)) {
    llama_free(context_);
    refuse("it has no memory of past tokens (an embedding model?).");
  }
  capacity_ = static_cast<int32_t>(std::min<uint32_t>(llama_n_ctx_seq(context_), INT32_MAX));
  memory_ = memory_of(scope.memory(), model_->sizes_only(), 4.0 * max_rows_ * v).list();
  slots_.resize(static_cast<size_t>(slots_count_));
}

double Context::memory_bytes() const {
  double sum = 0;
  for (const DeviceBytes& each : memory_) sum += each.bytes;
  return sum;
}

Context::~Context() {
  LogScope scope(nullptr);
  if (context_ && !model_->unreachable()) llama_free(context_);
}

void Context::check_ids(const std::vector<int32_t>& ids, const char* argument) const {
  for (size_t i = 0; i < ids.size(); i++) {
    if (model_->vocabulary().holds(ids[i])) continue;
    throw Failure("NATIVE_INVALID_ARGUMENT",
                  std::string(argument) + "[" + std::to_string(i) + "] is " + std::to_string(ids[i]) + ", not an id of a vocabulary of " +
                      std::to_string(model_->vocabulary().size()) + ".",
                  {{"argument", std::string(argument)}, {"index", static_cast<double>(i)}, {"id", static_cast<double>(ids[i])}});
  }
}

int32_t Context::shared_length(const std::vector<int32_t>& held, const std::vector<int32_t>& held_ends, const std::vector<int32_t>& tokens,
                               const std::vector<int32_t>& ends, int32_t limit) const {
  auto most = static_cast<int32_t>(std::min(held.size(), tokens.size()));
  int32_t same = 0;
  most = std::min(most, limit);
  while (same < most && held[static_cast<size_t>(same)] == tokens[static_cast<size_t>(same)]) same++;
  if (!settings_.strict) return same;
  int32_t reusable = 0;
  for (size_t i = 0; i < std::min(held_ends.size(), ends.size()) && held_ends[i] == ends[i] && ends[i] <= same; i++) reusable = ends[i];
  return reusable;
}

void Context::forget(int32_t slot) {
  llama_memory_seq_rm(llama_get_memory(context_), slot, -1, -1);
  slots_[static_cast<size_t>(slot)] = {};
}

bool Context::truncate(int32_t slot, int32_t length) {
  Slot& held = slots_[static_cast<size_t>(slot)];
  if (length == 0) {
    forget(slot);
    return true;
  }
  if (static_cast<size_t>(length) == held.tokens.size()) return true;
  if (model_->recurrent() || !llama_memory_seq_rm(llama_get_memory(context_), slot, length, -1)) {
    forget(slot);
    return false;
  }
  held.tokens.resize(static_cast<size_t>(length));
  while (!held.ends.empty() && held.ends.back() > length) held.ends.pop_back();
  return true;
}

int32_t Context::reuse(int32_t slot, const std::vector<int32_t>& tokens, const std::vector<int32_t>& ends, int32_t limit) {
  uses_++;
  if (model_->recurrent()) {
    int32_t length = shared_length(state_.tokens, state_.ends, tokens, ends, limit);
    forget(slot);
    if (length == 0 || static_cast<size_t>(length) != state_.tokens.size()) return 0;
    if (llama_state_seq_set_data(context_, state_.bytes.data(), state_.bytes.size(), slot) == 0) {
      forget(slot);
      return 0;
    }
    slots_[static_cast<size_t>(slot)] = {state_.tokens, state_.ends};
    return length;
  }
  auto shared = [&](int32_t i) {
    const Slot& held = slots_[static_cast<size_t>(i)];
    return shared_length(held.tokens, held.ends, tokens, ends, limit);
  };
  int32_t own = shared(slot), source = slot, best = own;
  for (int32_t i = 0; i < slots_count_; i++) {
    int32_t length = shared(i);
    // Copying moves a whole sequence's memory: it has to save more than a few tokens.
    if (length > best && length >= own + 16) {
      best = length;
      source = i;
    }
  }
  if (source != slot) {
    forget(slot);
    llama_memory_seq_cp(llama_get_memory(context_), source, slot, -1, -1);
    slots_[static_cast<size_t>(slot)] = slots_[static_cast<size_t>(source)];
  }
  return truncate(slot, best) ? best : 0;
}

void Context::remember_state(int32_t slot) {
  if (!model_->recurrent()) return;
  const Slot& held = slots_[static_cast<size_t>(slot)];
  if (held.tokens == state_.tokens && held.ends == state_.ends) return;
  state_ = {};
  std::vector<uint8_t> bytes(llama_state_seq_get_size(context_, slot));
  if (bytes.empty() || llama_state_seq_get_data(context_, bytes.data(), bytes.size(), slot) != bytes.size()) return;
  state_ = {held.tokens, held.ends, std::move(bytes)};
}

void Context::run(int32_t n, const AbortFlag& abort) {
  uses_++;
  batch_counts_.assign(static_cast<size_t>(n), 1);
  batch_slot_pointers_.resize(static_cast<size_t>(n));
  for (size_t i = 0; i < static_cast<size_t>(n); i++) batch_slot_pointers_[i] = &batch_slots_[i];
  llama_batch batch{};
  batch.n_tokens = n;
  batch.token = batch_tokens_.data();
  batch.pos = batch_positions_.data();
  batch.n_seq_id = batch_counts_.data();
  batch.seq_id = batch_slot_pointers_.data();
  batch.logits = batch_wanted_.data();

  if (model_->sizes_only()) throw Failure("NATIVE_INVALID_ARGUMENT", model_->path() + " was opened for its sizes only (sizesOnly): it computes nothing.");
  if (model_->unreachable()) throw_remote_lost();
  if (broken_) throw Failure("DECODE_FAILED", "This Context met an internal error of llama.cpp before and cannot go on; make another one.");
  LogScope scope(log_);
  AssertionScope assertions;
  int32_t status = -100;
  std::string reason;
  if (!abort.load(std::memory_order_relaxed)) {
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
  }
  if (status == 0) return;
  // What of the batch reached the memory is unknown.
  for (int32_t slot : batch_slots_) forget(slot);
  if (abort.load()) throw Failure("ABORTED", "The computation was aborted.");
  if (reason.empty()) reason = scope.problems();
  throw Failure("DECODE_FAILED",
                "llama.cpp could not decode " + std::to_string(n) + " tokens (status " + std::to_string(status) + ")" +
                    (reason.empty() ? "." : ": " + reason + "."),
                {{"status", static_cast<double>(status)}, {"tokens", static_cast<double>(n)}, {"reason", reason}});
}

void Context::decode(int32_t slot, const std::vector<int32_t>& tokens, int32_t from, int32_t to, int32_t rows_from, const AbortFlag& abort) {
  auto n = static_cast<size_t>(to - from);
  batch_tokens_.assign(tokens.begin() + from, tokens.begin() + to);
  batch_positions_.resize(n);
  batch_wanted_.resize(n);
  for (size_t i = 0; i < n; i++) {
    batch_positions_[i] = from + static_cast<int32_t>(i);
    batch_wanted_[i] = batch_positions_[i] >= rows_from;
  }
  batch_slots_.assign(n, slot);
  run(to - from, abort);
  Slot& held = slots_[static_cast<size_t>(slot)];
  held.tokens.insert(held.tokens.end(), batch_tokens_.begin(), batch_tokens_.end());
  held.ends.push_back(to);
}

void Context::step(const std::vector<StepRow>& rows, const std::vector<bool>& placeholder, const AbortFlag& abort) {
  size_t n = rows.size();
  batch_tokens_.resize(n);
  batch_positions_.resize(n);
  batch_slots_.resize(n);
  batch_wanted_.assign(n, 1);
  for (size_t i = 0; i < n; i++) {
    int32_t slot = rows[i].slot;
    if (placeholder[i] && (model_->recurrent() || length(slot) >= capacity_)) forget(slot);
    batch_tokens_[i] = rows[i].token;
    batch_positions_[i] = length(slot);
    batch_slots_[i] = slot;
  }
  run(static_cast<int32_t>(n), abort);
  for (size_t i = 0; i < n; i++) {
    int32_t slot = rows[i].slot;
    if (!placeholder[i]) {
      slots_[static_cast<size_t>(slot)].tokens.push_back(rows[i].token);
    } else if (model_->recurrent() || length(slot) == 0 || !llama_memory_seq_rm(llama_get_memory(context_), slot, length(slot), -1)) {
      forget(slot);
    }
  }
}

float* Context::row(int32_t i) const {
  // Rows of the last decode lie one after another, in the order of the batch.
  return llama_get_logits(context_) + static_cast<size_t>(i) * static_cast<size_t>(model_->vocabulary().size());
}

void Context::clear() {
  uses_++;
  llama_memory_clear(llama_get_memory(context_), false);
  for (Slot& slot : slots_) slot = {};
  state_ = {};
}

}  // namespace unshift
