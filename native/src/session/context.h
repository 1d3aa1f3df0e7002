/**
 * One llama.cpp context: memory for a fixed number of sequences, and decoding by canonical chunks.
 *
 * What a sequence's memory holds is remembered with the cuts it was computed by. In strict numerics a new item reuses it only up
 * to a cut that both share with all cuts before it, so a number computed after reuse is bit-equal to one computed from nothing.
 */
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "grid.h"
#include "model.h"

struct llama_context;

namespace unshift {

struct ContextSettings {
  int32_t context_size = 0;  // tokens of one item; 0: the trained context, at most 4096
  int32_t chunk_size = 512;
  int32_t sequences = 1;
  int32_t threads = 0;       // 0: default_threads()
  bool strict = true;
};

/** One row of a batch that advances several sequences by a token. */
struct StepRow {
  int32_t slot;
  int32_t token;
};

class Context {
 public:
  Context(std::shared_ptr<Model> model, ContextSettings settings, std::shared_ptr<const LogSink> log);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Model& model() const { return *model_; }
  int32_t context_size() const { return settings_.context_size; }
  int32_t chunk_size() const { return settings_.chunk_size; }
  int32_t threads() const { return settings_.threads; }
  bool strict() const { return settings_.strict; }
  /** Sequences that can be generated at the same time; in strict numerics rounded up (generate.cpp says why). */
  int32_t slots() const { return slots_count_; }
  /** Largest number of rows one decode may return. */
  int32_t max_rows() const { return max_rows_; }
  /** Bytes by device: KV memory, compute buffers, and the rows of logits at their most. */
  const std::vector<DeviceBytes>& memory() const { return memory_; }
  double memory_bytes() const;

  /** Throws NATIVE_INVALID_ARGUMENT unless every id is of the vocabulary. */
  void check_ids(const std::vector<int32_t>& ids, const char* argument) const;

  /**
   * Makes sequence `slot` hold a beginning of the item and returns its length: a cut of `ends` at most `limit` (any position in
   * fast numerics). Another slot's memory is copied where that saves more.
   */
  int32_t reuse(int32_t slot, const std::vector<int32_t>& tokens, const std::vector<int32_t>& ends, int32_t limit);

  /**
   * Decodes tokens [from, to) into `slot`, which holds [0, from). Rows are wanted from position `rows_from` on; see row().
   * Throws ABORTED, DECODE_FAILED; the slot is then empty.
   */
  void decode(int32_t slot, const std::vector<int32_t>& tokens, int32_t from, int32_t to, int32_t rows_from, const AbortFlag& abort);

  /** Remembers a recurrent model's state, when `slot` holds exactly a shared prefix. No-op for other models. */
  void remember_state(int32_t slot);

  /** One token for each of several slots, all rows wanted; `placeholders` of them only keep the batch's shape and are undone. */
  void step(const std::vector<StepRow>& rows, const std::vector<bool>& placeholder, const AbortFlag& abort);

  /** Row i [v] of those the last decode or step returned, in order. Writable until the next one. */
  float* row(int32_t i) const;

  /** Changes with every call that touches the memory or the rows: who finds it unchanged finds both as he left them. */
  uint64_t uses() const { return uses_; }

  /** Number of tokens `slot` holds. */
  int32_t length(int32_t slot) const { return static_cast<int32_t>(slots_[static_cast<size_t>(slot)].tokens.size()); }

  void clear();

 private:
  /** What the memory of a sequence holds and how it was cut. Tokens past the last end were generated one by one. */
  struct Slot {
    std::vector<int32_t> tokens, ends;
  };
  struct State {
    std::vector<int32_t> tokens, ends;
    std::vector<uint8_t> bytes;
  };

  int32_t shared_length(const std::vector<int32_t>& held, const std::vector<int32_t>& held_ends, const std::vector<int32_t>& tokens,
                        const std::vector<int32_t>& ends, int32_t limit) const;
  void forget(int32_t slot);
  bool truncate(int32_t slot, int32_t length);
  void run(int32_t n, const AbortFlag& abort);

  std::shared_ptr<Model> model_;
  ContextSettings settings_;
  std::shared_ptr<const LogSink> log_;
  llama_context* context_ = nullptr;
  int32_t slots_count_ = 1, max_rows_ = 1, capacity_ = 0;
  std::vector<DeviceBytes> memory_;
  bool broken_ = false;
  uint64_t uses_ = 0;
  std::vector<Slot> slots_;
  State state_;
  // The batch under construction.
  std::vector<int32_t> batch_tokens_, batch_positions_, batch_counts_, batch_slots_;
  std::vector<int32_t*> batch_slot_pointers_;
  std::vector<int8_t> batch_wanted_;
};

}  // namespace unshift
