#include "memory_log.h"

#include <cstdlib>
#include <cstring>

namespace unshift {
namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;

/** What follows `mark`, or null. */
const char* after(const std::string& line, const char* mark) {
  size_t at = line.find(mark);
  return at == std::string::npos ? nullptr : line.c_str() + at + std::strlen(mark);
}

/** The number at the front of "  12.34 MiB …"; false for anything else. */
bool mebibytes(const char* text, double* bytes) {
  char* end = nullptr;
  double number = std::strtod(text, &end);
  if (end == text || std::strncmp(end, " MiB", 4) != 0) return false;
  *bytes = number * kMebibyte;
  return true;
}

std::string word(const char* text, const char* ends) { return std::string(text, std::strcspn(text, ends)); }

/** "load_tensors:   CPU_Mapped model" → {CPU_Mapped, model}: the last two words. */
std::pair<std::string, std::string> last_two(const std::string& text) {
  auto before = [&](size_t end) { return text.find_last_not_of(' ', end); };
  size_t kind_end = before(std::string::npos);
  if (kind_end == std::string::npos) return {};
  size_t kind_begin = text.find_last_of(' ', kind_end);
  if (kind_begin == std::string::npos) return {};
  size_t type_end = before(kind_begin);
  if (type_end == std::string::npos) return {};
  size_t type_begin = text.find_last_of(' ', type_end);
  return {text.substr(type_begin + 1, type_end - type_begin), text.substr(kind_begin + 1, kind_end - kind_begin)};
}

}  // namespace

void DeviceSums::add(const std::string& device, double bytes) {
  for (DeviceBytes& known : list_) {
    if (known.device != device) continue;
    known.bytes += bytes;
    return;
  }
  list_.push_back({device, bytes});
}

double DeviceSums::total() const {
  double sum = 0;
  for (const DeviceBytes& each : list_) sum += each.bytes;
  return sum;
}

void MemoryLog::read(const std::string& line) {
  double bytes = 0;
  if (const char* text = after(line, " buffer size ="); text && mebibytes(text, &bytes)) {
    auto [type, kind] = last_two(line.substr(0, line.find(" buffer size =")));
    buffers_.push_back({type, kind, bytes});
  } else if (text = after(line, "llama_kv_cache: size ="); text && mebibytes(text, &bytes)) {
    cache_bytes_ += bytes;
  } else if (text = after(line, "using device "); text) {
    devices_.push_back(word(text, " "));
  } else if (text = after(line, " assigned to device "); text) {
    if (const char* layer = after(line, "load_tensors: layer"); layer) weight_layers_[static_cast<int32_t>(std::strtol(layer, nullptr, 10))] = word(text, ",");
  } else if (text = after(line, ": dev = "); text && line.rfind("llama_kv_cache: layer", 0) == 0) {
    cache_layers_.push_back(word(text, " \n"));
  }
}

}  // namespace unshift
