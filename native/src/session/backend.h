/**
 * What is global in llama.cpp: initialisation, the log, devices; and the machine's number of useful threads.
 */
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ggml-backend.h"
#include "memory_log.h"

namespace unshift {

/** Initialises llama.cpp once for the process and takes its log away from stderr. Cheap to call again. */
void ensure_backend();

/** Where a thread's log lines go; level 1 debug … 4 error. Must be callable from any thread. */
using LogSink = std::function<void(int level, const std::string& text)>;

/**
 * While alive, llama.cpp's log lines of this thread go to `sink` (may be null) and warnings and errors are kept for messages.
 * llama.cpp has one log for the process; several environments share it through the thread that does their work.
 */
class LogScope {
 public:
  explicit LogScope(std::shared_ptr<const LogSink> sink);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

  /** Error lines since the scope began, joined; the warnings where there was no error. */
  std::string problems() const;
  const MemoryLog& memory() const { return memory_; }

 private:
  static void receive(int level, const char* text, void* user_data);
  void line(int level, const std::string& text);

  std::shared_ptr<const LogSink> sink_;
  LogScope* outer_;
  std::string errors_, warnings_, partial_;
  int last_level_ = 2;
  MemoryLog memory_;
  friend void ensure_backend();
};

/**
 * While alive, a failed assertion of llama.cpp on this thread is a std::runtime_error instead of the end of the process: a damaged
 * vocabulary must not take a user's program down. What llama.cpp had allocated is lost. Not for its compute threads.
 */
class AssertionScope {
 public:
  AssertionScope();
  ~AssertionScope();
  AssertionScope(const AssertionScope&) = delete;
  AssertionScope& operator=(const AssertionScope&) = delete;
};

struct DeviceInfo {
  std::string name;
  std::string description;
  std::string type;  // cpu, gpu, igpu, accel
  double free_bytes = 0;
  double total_bytes = 0;
};

std::vector<DeviceInfo> list_devices();

/** The device of that name; throws DEVICE_NOT_FOUND naming those that exist. */
ggml_backend_dev_t find_device(const std::string& name);

/** Every GPU of this machine, in the order llama.cpp uses them by default; empty where there is none. */
std::vector<ggml_backend_dev_t> local_gpus();

/** Where a buffer of this type lies: the name of a device, "CPU" for all memory of this machine. */
std::string device_of_buffer(const std::string& type);

/** Physical cores this process may use: affinity and the cgroup's quota are limits. At least 1. */
int default_threads();

}  // namespace unshift
