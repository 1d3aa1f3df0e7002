/** An opened GGUF model. Shared: a context keeps its model alive. */
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backend.h"
#include "vocabulary.h"

struct llama_model;

namespace unshift {

/** Set from another thread; long work looks at it often. */
using AbortFlag = std::atomic<bool>;

/** How layers are spread over several devices: llama_split_mode. */
enum class Split { layer, row, none };

struct LoadSettings {
  bool vocab_only = false;
  bool sizes_only = false;  // no weight is read and no memory taken; contexts only tell their size
  bool mmap = true;
  int32_t gpu_layers = -1;  // negative: as many as the devices take
  std::optional<std::vector<std::string>> devices;  // of this machine; nothing: all of its GPUs
  std::vector<std::string> rpc;                     // host:port, in front of the others
  std::vector<float> tensor_split;                  // in the order rpc, devices
  Split split = Split::layer;
  int32_t main_gpu = 0;
  std::function<void(float)> on_progress;  // share 0–1
};

class Model {
 public:
  /** Checks the file itself, then loads it. Throws Failure (MODEL_…, ABORTED). */
  static std::shared_ptr<Model> load(const std::string& path, const LoadSettings& settings, const AbortFlag& abort, std::shared_ptr<const LogSink> log);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const std::string& path() const { return files_.front(); }
  /** All parts of a split model in order. */
  const std::vector<std::string>& files() const { return files_; }
  llama_model* get() const { return model_; }
  const Vocabulary& vocabulary() const { return *vocabulary_; }
  bool vocab_only() const { return vocab_only_; }
  bool sizes_only() const { return sizes_only_; }
  /** Weights by device: taken, or of a model opened for its sizes what they would take. */
  const std::vector<DeviceBytes>& memory() const { return memory_; }
  /** Whether layers were put on an RPC server. */
  bool remote() const { return remote_; }
  /** Its server is gone: nothing of it can be used, nor freed. */
  bool unreachable() const;
  /** Recurrent or hybrid: its memory cannot be cut at any position. */
  bool recurrent() const;
  /** Whether layers were put on a device other than the CPU. */
  bool offloaded() const { return offloaded_; }

  std::vector<std::pair<std::string, std::string>> metadata() const;
  std::string description() const;
  double parameters() const;
  double size_bytes() const;
  int32_t trained_context() const;
  int32_t embedding_size() const;
  int32_t layers() const;
  /** Null where the file has none. */
  const char* chat_template() const;

 private:
  Model(llama_model* model, std::vector<std::string> files, const LoadSettings& settings, const MemoryLog& log);

  llama_model* model_;
  std::vector<std::string> files_;
  std::unique_ptr<Vocabulary> vocabulary_;
  std::vector<DeviceBytes> memory_;
  bool vocab_only_, sizes_only_, remote_, offloaded_;
};

/** sha256 over the bytes of all files in order, remembered by path, size and time of change. Throws ABORTED, MODEL_…. */
std::string hash_files(const std::vector<std::string>& files, const AbortFlag& abort, const std::function<void(float)>& on_progress);

}  // namespace unshift
