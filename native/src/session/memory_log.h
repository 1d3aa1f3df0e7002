/**
 * What llama.cpp's log says about memory while a model or a context is made: llama.h tells none of it.
 *
 * Lines read, of the vendored version:
 *   … using device CUDA0 (description) (id) - 12345 MiB free
 *   load_tensors: layer   3 assigned to device CUDA0, is_swa = 0
 *   load_tensors:   CPU_Mapped model buffer size =   123.45 MiB        (also KV, RS, compute, output)
 *   llama_kv_cache: layer   3: dev = CUDA0
 *   llama_kv_cache: size =  512.00 MiB (…)                             (also where nothing is allocated)
 * A test compares what is read with the process's real size, so a line that changes with llama.cpp shows.
 */
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace unshift {

/** Bytes on one device; "CPU" is this machine's memory. */
struct DeviceBytes {
  std::string device;
  double bytes = 0;
};

/** Sums by device, "CPU" first, the others in order of appearance. */
class DeviceSums {
 public:
  DeviceSums() { add("CPU", 0); }
  void add(const std::string& device, double bytes);
  const std::vector<DeviceBytes>& list() const { return list_; }
  double total() const;

 private:
  std::vector<DeviceBytes> list_;
};

class MemoryLog {
 public:
  struct Buffer {
    std::string type;  // ggml's name of the buffer type: CPU, CPU_Mapped, CUDA0
    std::string kind;  // model, KV, RS, compute, output
    double bytes;
  };

  void read(const std::string& line);

  const std::vector<Buffer>& buffers() const { return buffers_; }
  /** Devices other than the CPU that the model uses. */
  const std::vector<std::string>& devices() const { return devices_; }
  /** Device of a layer's weights; the layer after the last is the output. */
  const std::map<int32_t, std::string>& weight_layers() const { return weight_layers_; }
  /** Device of each layer that has a KV memory, an entry for each memory that holds it. */
  const std::vector<std::string>& cache_layers() const { return cache_layers_; }
  /** Bytes of all KV memories, also of those that were only simulated. */
  double cache_bytes() const { return cache_bytes_; }

 private:
  std::vector<Buffer> buffers_;
  std::vector<std::string> devices_, cache_layers_;
  std::map<int32_t, std::string> weight_layers_;
  double cache_bytes_ = 0;
};

}  // namespace unshift
