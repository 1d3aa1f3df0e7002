#include "backend.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "failure.h"
#include "remote.h"
#include "llama.h"

namespace unshift {
namespace {

thread_local LogScope* current_scope = nullptr;
thread_local int assertion_scopes = 0;

/** ggml calls this before it aborts the process. */
void on_assertion(const char* message) {
  // The path of the source file says nothing to a user.
  const char* slash = std::strrchr(message, '/');
  if (assertion_scopes > 0) throw std::runtime_error(std::string("assertion failed in llama.cpp: ") + (slash ? slash + 1 : message));
  // Said by a thread of the RPC backend, where nobody can catch anything.
  if (std::strstr(message, "Remote RPC server crashed")) lose_remote();
  std::fprintf(stderr, "%s\n", message);
}

int level_number(ggml_log_level level, int last) {
  switch (level) {
    case GGML_LOG_LEVEL_DEBUG: return 1;
    case GGML_LOG_LEVEL_INFO: return 2;
    case GGML_LOG_LEVEL_WARN: return 3;
    case GGML_LOG_LEVEL_ERROR: return 4;
    default: return last;  // CONT continues a line, NONE is plain output
  }
}

}  // namespace

void ensure_backend() {
  static std::once_flag once;
  std::call_once(once, [] {
    llama_log_set([](ggml_log_level level, const char* text, void* user_data) { LogScope::receive(level, text, user_data); }, nullptr);
    ggml_set_abort_callback(on_assertion);
    llama_backend_init();
  });
}

AssertionScope::AssertionScope() { assertion_scopes++; }

AssertionScope::~AssertionScope() { assertion_scopes--; }

LogScope::LogScope(std::shared_ptr<const LogSink> sink) : sink_(std::move(sink)), outer_(current_scope) { current_scope = this; }

LogScope::~LogScope() { current_scope = outer_; }

void LogScope::receive(int level, const char* text, void*) {
  LogScope* scope = current_scope;
  if (!scope || !text) return;
  scope->last_level_ = level_number(static_cast<ggml_log_level>(level), scope->last_level_);
  // llama.cpp sends pieces of lines: hand on whole ones.
  scope->partial_ += text;
  for (size_t end; (end = scope->partial_.find('\n')) != std::string::npos;) {
    std::string whole = scope->partial_.substr(0, end);
    scope->partial_.erase(0, end + 1);
    if (!whole.empty()) scope->line(scope->last_level_, whole);
  }
}

void LogScope::line(int level, const std::string& text) {
  if (level >= 3) {
    std::string& kept = level >= 4 ? errors_ : warnings_;
    if (kept.size() < 4096) kept += (kept.empty() ? "" : "; ") + text;
  }
  memory_.read(text);
  if (sink_ && *sink_) (*sink_)(level, text);
}

std::string LogScope::problems() const { return errors_.empty() ? warnings_ : errors_; }

std::vector<DeviceInfo> list_devices() {
  ensure_backend();
  std::vector<DeviceInfo> list;
  for (size_t i = 0; i < ggml_backend_dev_count(); i++) {
    ggml_backend_dev_t device = ggml_backend_dev_get(i);
    DeviceInfo info;
    info.name = ggml_backend_dev_name(device);
    info.description = ggml_backend_dev_description(device);
    switch (ggml_backend_dev_type(device)) {
      case GGML_BACKEND_DEVICE_TYPE_GPU: info.type = "gpu"; break;
      case GGML_BACKEND_DEVICE_TYPE_IGPU: info.type = "igpu"; break;
      case GGML_BACKEND_DEVICE_TYPE_ACCEL: info.type = "accel"; break;
      default: info.type = "cpu";
    }
    size_t free = 0, total = 0;
    ggml_backend_dev_memory(device, &free, &total);
    info.free_bytes = static_cast<double>(free);
    info.total_bytes = static_cast<double>(total);
    list.push_back(std::move(info));
  }
  for (const RemoteDevice& remote : remote_lost() ? std::vector<RemoteDevice>() : remote_devices_known()) {
    size_t free = 0, total = 0;
    ggml_backend_dev_memory(remote.device, &free, &total);
    list.push_back({remote.name, "RPC server " + remote.endpoint, "gpu", static_cast<double>(free), static_cast<double>(total)});
  }
  return list;
}

ggml_backend_dev_t find_device(const std::string& name) {
  ensure_backend();
  if (ggml_backend_dev_t device = ggml_backend_dev_by_name(name.c_str())) return device;
  std::string known;
  for (const DeviceInfo& info : list_devices()) known += (known.empty() ? "" : ", ") + info.name;
  throw Failure("DEVICE_NOT_FOUND", "No device is named \"" + name + "\"; this build sees: " + known + ".", {{"device", name}, {"known", known}});
}

std::vector<ggml_backend_dev_t> local_gpus() {
  ensure_backend();
  std::vector<ggml_backend_dev_t> gpus, integrated;
  for (size_t i = 0; i < ggml_backend_dev_count(); i++) {
    ggml_backend_dev_t device = ggml_backend_dev_get(i);
    if (ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_GPU) gpus.push_back(device);
    if (ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_IGPU) integrated.push_back(device);
  }
  return gpus.empty() ? integrated : gpus;
}

std::string device_of_buffer(const std::string& type) {
  for (size_t i = 0; i < ggml_backend_dev_count(); i++) {
    ggml_backend_dev_t device = ggml_backend_dev_get(i);
    if (type == ggml_backend_buft_name(ggml_backend_dev_buffer_type(device))) return ggml_backend_dev_name(device);
  }
  for (const RemoteDevice& remote : remote_devices_known()) {
    if (type == remote.buffer_type) return remote.name;
  }
  return "CPU";  // pinned memory, mapped files, repacked weights
}

}  // namespace unshift
