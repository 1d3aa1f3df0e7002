#include "model.h"

#include <algorithm>

#include "failure.h"
#include "gguf_file.h"
#include "llama.h"
#include "remote.h"

namespace unshift {
namespace {

struct Progress {
  const LoadSettings* settings;
  const AbortFlag* abort;
};

bool on_progress(float share, void* user_data) {
  auto* progress = static_cast<Progress*>(user_data);
  if (progress->settings->on_progress) progress->settings->on_progress(share);
  return !progress->abort->load(std::memory_order_relaxed);
}

/**
 * The devices to use, in order: RPC servers, then those named, or every GPU of this machine. Nothing: llama.cpp's own choice, which is
 * the same but looks further into integrated GPUs.
 */
std::vector<ggml_backend_dev_t> devices_of(const LoadSettings& settings) {
  std::vector<ggml_backend_dev_t> devices;
  for (const std::string& endpoint : settings.rpc) {
    for (ggml_backend_dev_t device : remote_devices(endpoint)) devices.push_back(device);
  }
  if (settings.devices) {
    for (const std::string& name : *settings.devices) devices.push_back(find_device(name));
  } else if (!settings.rpc.empty()) {
    for (ggml_backend_dev_t device : local_gpus()) devices.push_back(device);
  }
  return devices;
}

/** Weights by device, from the buffers llama.cpp made. */
DeviceSums taken(const MemoryLog& log) {
  DeviceSums sums;
  for (const MemoryLog::Buffer& buffer : log.buffers()) {
    if (buffer.kind == "model") sums.add(device_of_buffer(buffer.type), buffer.bytes);
  }
  return sums;
}

/**
 * Weights by device, from the tensors of the files and the device of each layer. Tensors outside layers: the output stands behind the
 * last layer, everything else (the embedding) stays on the CPU; a file without output shares the embedding, of which a device then
 * has a copy.
 */
DeviceSums placed(const std::vector<std::string>& files, const MemoryLog& log) {
  const std::map<int32_t, std::string>& layers = log.weight_layers();
  auto device = [&](int32_t layer) {
    auto found = layers.find(layer);
    return found == layers.end() ? std::string("CPU") : found->second;
  };
  std::string output = layers.empty() ? "CPU" : layers.rbegin()->second;
  DeviceSums sums;
  double embedding = 0;
  bool own_output = false;
  for (const std::string& file : files) {
    GgufSummary summary = check_gguf_file(file);
    for (const auto& [layer, bytes] : summary.layer_bytes) sums.add(device(layer), static_cast<double>(bytes));
    for (const auto& [name, bytes] : summary.other_bytes) {
      sums.add(name.rfind("output", 0) == 0 ? output : "CPU", static_cast<double>(bytes));
      own_output |= name == "output.weight";
      if (name == "token_embd.weight") embedding = static_cast<double>(bytes);
    }
  }
  if (!own_output && output != "CPU") sums.add(output, embedding);
  return sums;
}

}  // namespace

std::shared_ptr<Model> Model::load(const std::string& path, const LoadSettings& settings, const AbortFlag& abort,
                                   std::shared_ptr<const LogSink> log) {
  std::vector<std::string> files = check_model_files(path);
  ensure_backend();
  LogScope scope(std::move(log));
  AssertionScope assertions;

  llama_model_params params = llama_model_default_params();
  params.vocab_only = settings.vocab_only;
  params.no_alloc = settings.sizes_only;
  params.load_mode = settings.mmap && llama_supports_mmap() && !settings.sizes_only ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE;
  params.split_mode = settings.split == Split::none ? LLAMA_SPLIT_MODE_NONE : settings.split == Split::row ? LLAMA_SPLIT_MODE_ROW : LLAMA_SPLIT_MODE_LAYER;
  params.main_gpu = settings.main_gpu;
  params.n_gpu_layers = settings.gpu_layers;
  std::vector<ggml_backend_dev_t> devices = devices_of(settings);
  if (settings.devices || !settings.rpc.empty()) {
    devices.push_back(nullptr);
    params.devices = devices.data();
  }
  std::vector<float> split = settings.tensor_split;
  if (!split.empty()) {
    split.resize(std::max(split.size(), llama_max_devices()), 0.0f);
    params.tensor_split = split.data();
  }
  Progress progress{&settings, &abort};
  params.progress_callback = on_progress;
  params.progress_callback_user_data = &progress;

  llama_model* model = nullptr;
  std::string reason;
  try {
    model = llama_model_load_from_file(path.c_str(), params);
  } catch (const std::exception& error) {
    reason = error.what();
  }
  if (abort.load()) {
    if (model) llama_model_free(model);
    throw Failure("ABORTED", "Loading " + path + " was aborted.", {{"path", path}});
  }
  if (!model) {
    if (reason.empty()) reason = scope.problems();
    throw Failure("MODEL_LOAD_FAILED", "llama.cpp could not load " + path + ": " + (reason.empty() ? "no reason given" : reason) + ".",
                  {{"path", path}, {"reason", reason}});
  }
  try {
    return std::shared_ptr<Model>(new Model(model, std::move(files), settings, scope.memory()));
  } catch (const std::runtime_error& error) {
    llama_model_free(model);
    throw Failure("MODEL_LOAD_FAILED", path + " has a vocabulary that llama.cpp cannot read: " + error.what() + ".", {{"path", path}, {"reason", std::string(error.what())}});
  }
}

Model::Model(llama_model* model, std::vector<std::string> files, const LoadSettings& settings, const MemoryLog& log)
    : model_(model),
      files_(std::move(files)),
      vocab_only_(settings.vocab_only),
      sizes_only_(settings.sizes_only),
      remote_(!settings.rpc.empty() && settings.gpu_layers != 0 && !settings.vocab_only),
      offloaded_(!log.devices().empty() && settings.gpu_layers != 0 && !settings.vocab_only) {
  memory_ = (sizes_only_ ? placed(files_, log) : taken(log)).list();
  vocabulary_ = std::make_unique<Vocabulary>(model_);
}

Model::~Model() {
  if (!unreachable()) llama_model_free(model_);
}

bool Model::unreachable() const { return remote_ && remote_lost(); }

bool Model::recurrent() const { return llama_model_is_recurrent(model_) || llama_model_is_hybrid(model_); }

std::vector<std::pair<std::string, std::string>> Model::metadata() const {
  std::vector<std::pair<std::string, std::string>> result;
  auto text = [](auto&& read) {
    char probe[1];
    int32_t length = read(probe, sizeof probe);
    if (length < 0) return std::string();
    std::string value(static_cast<size_t>(length) + 1, '\0');
    read(value.data(), value.size());
    value.resize(static_cast<size_t>(length));
    return value;
  };
  for (int32_t i = 0; i < llama_model_meta_count(model_); i++) {
    std::string key = text([&](char* out, size_t size) { return llama_model_meta_key_by_index(model_, i, out, size); });
    std::string value = text([&](char* out, size_t size) { return llama_model_meta_val_str_by_index(model_, i, out, size); });
    result.emplace_back(std::move(key), std::move(value));
  }
  return result;
}

std::string Model::description() const {
  char text[256];
  int32_t length = llama_model_desc(model_, text, sizeof text);
  return std::string(text, static_cast<size_t>(std::clamp<int32_t>(length, 0, sizeof text - 1)));
}

double Model::parameters() const { return static_cast<double>(llama_model_n_params(model_)); }
double Model::size_bytes() const { return static_cast<double>(llama_model_size(model_)); }
int32_t Model::trained_context() const { return llama_model_n_ctx_train(model_); }
int32_t Model::embedding_size() const { return llama_model_n_embd(model_); }
int32_t Model::layers() const { return llama_model_n_layer(model_); }
const char* Model::chat_template() const { return llama_model_chat_template(model_, nullptr); }

}  // namespace unshift
