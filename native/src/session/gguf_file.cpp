#include "gguf_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>

#include "failure.h"
#include "ggml.h"

namespace unshift {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxCount = 1u << 20;        // keys or tensors of one file
constexpr uint64_t kMaxArray = 1u << 26;        // elements of one metadata array
constexpr uint64_t kMaxString = 1u << 28;       // bytes of one string
constexpr uint64_t kMaxDimensions = 4;
constexpr uint64_t kMaxNesting = 4;
constexpr uint64_t kMaxTensorName = 64;         // GGML_MAX_NAME

enum ValueType : uint32_t { kUint8, kInt8, kUint16, kInt16, kUint32, kInt32, kFloat32, kBool, kString, kArray, kUint64, kInt64, kFloat64 };

/** Bytes of a fixed-size metadata value; 0 for strings, arrays and unknown types. */
uint64_t value_bytes(uint32_t type) {
  switch (type) {
    case kUint8: case kInt8: case kBool: return 1;
    case kUint16: case kInt16: return 2;
    case kUint32: case kInt32: case kFloat32: return 4;
    case kUint64: case kInt64: case kFloat64: return 8;
    default: return 0;
  }
}

/** A reader that never goes past the end of the file. */
class Reader {
 public:
  Reader(const std::string& path, std::FILE* file, uint64_t size) : path_(path), file_(file), size_(size) {}

  uint64_t offset() const { return offset_; }
  uint64_t left() const { return size_ - offset_; }
  uint64_t size() const { return size_; }

  [[noreturn]] void truncated(const std::string& what) const {
    throw Failure("MODEL_TRUNCATED",
                  path_ + " ends in the middle of " + what + ": it is truncated or damaged (an incomplete download?).",
                  {{"path", path_}, {"offset", static_cast<double>(offset_)}, {"bytes", static_cast<double>(size_)}, {"part", what}});
  }

  [[noreturn]] void damaged(const std::string& what) const {
    throw Failure("MODEL_LOAD_FAILED", path_ + " is damaged: " + what + " (before byte " + std::to_string(offset_) + ").",
                  {{"path", path_}, {"offset", static_cast<double>(offset_)}, {"reason", what}});
  }

  void read(void* out, uint64_t bytes, const char* what) {
    if (bytes > left() || std::fread(out, 1, bytes, file_) != bytes) truncated(what);
    offset_ += bytes;
  }

  template <typename T>
  T number(const char* what) {
    T value;
    read(&value, sizeof value, what);
    return value;
  }

  void skip(uint64_t bytes, const char* what) {
    if (bytes > left()) truncated(what);
    // Seeking throws the stream's buffer away: short pieces (a vocabulary's strings) are read instead.
    char scratch[4096];
    if (bytes <= sizeof scratch) {
      read(scratch, bytes, what);
      return;
    }
#if defined(_WIN32)
    int failed = _fseeki64(file_, static_cast<long long>(bytes), SEEK_CUR);
#else
    int failed = fseeko(file_, static_cast<off_t>(bytes), SEEK_CUR);
#endif
    if (failed) truncated(what);
    offset_ += bytes;
  }

  std::string text(uint64_t limit, const char* what) {
    uint64_t length = number<uint64_t>(what);
    if (length > left()) truncated(what);
    if (length > limit) damaged(std::string(what) + " of " + std::to_string(length) + " bytes");
    std::string value(length, '\0');
    read(value.data(), length, what);
    return value;
  }

  void skip_text(const char* what) {
    uint64_t length = number<uint64_t>(what);
    if (length > left()) truncated(what);
    if (length > kMaxString) damaged(std::string(what) + " of " + std::to_string(length) + " bytes");
    skip(length, what);
  }

 private:
  std::string path_;
  std::FILE* file_;
  uint64_t size_;
  uint64_t offset_ = 0;
};

void skip_array(Reader& reader, const std::string& key, uint64_t depth) {
  if (depth > kMaxNesting) reader.damaged("arrays nested too deeply in " + key);
  uint32_t type = reader.number<uint32_t>("a metadata array");
  uint64_t count = reader.number<uint64_t>("a metadata array");
  if (count > kMaxArray) reader.damaged("metadata array " + key + " of " + std::to_string(count) + " elements");
  if (uint64_t bytes = value_bytes(type)) {
    reader.skip(count * bytes, "a metadata array");
  } else if (type == kString) {
    for (uint64_t i = 0; i < count; i++) reader.skip_text("a metadata string");
  } else if (type == kArray) {
    for (uint64_t i = 0; i < count; i++) skip_array(reader, key, depth + 1);
  } else {
    reader.damaged("metadata " + key + " has unknown type " + std::to_string(type));
  }
}

/** Whole numbers of the metadata that llama.cpp divides by or allocates from, and the range in which they make sense. */
void check_number(Reader& reader, const std::string& key, uint64_t value) {
  auto ends = [&key](const char* suffix) {
    size_t length = std::strlen(suffix);
    return key.size() > length && key.compare(key.size() - length, length, suffix) == 0;
  };
  auto within = [&](uint64_t low, uint64_t high) {
    if (value < low || value > high) reader.damaged(key + " is " + std::to_string(value));
  };
  if (ends(".block_count")) within(1, 4096);
  else if (ends(".embedding_length")) within(1, 1u << 20);
  else if (ends(".feed_forward_length")) within(0, 1u << 24);
  else if (ends(".attention.head_count")) within(0, 1u << 16);
  else if (ends(".attention.head_count_kv")) within(0, 1u << 16);
  else if (ends(".attention.key_length") || ends(".attention.value_length")) within(0, 1u << 16);
  else if (ends(".rope.dimension_count")) within(0, 1u << 16);
  else if (ends(".context_length")) within(1, 1u << 30);
  else if (ends(".vocab_size")) within(1, 1u << 26);
  else if (ends(".expert_count") || ends(".expert_used_count")) within(0, 1u << 14);
}

uint64_t as_unsigned(const unsigned char* bytes, uint32_t type) {
  uint64_t value = 0;
  std::memcpy(&value, bytes, value_bytes(type));
  // A negative number becomes a huge one, which no range admits.
  if (type == kInt8) return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int8_t>(value)));
  if (type == kInt16) return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int16_t>(value)));
  if (type == kInt32) return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(value)));
  return value;
}

uint64_t read_metadata(Reader& reader, GgufSummary& summary) {
  uint64_t alignment = 32;
  std::set<std::string> seen;
  for (uint64_t i = 0; i < summary.metadata_count; i++) {
    std::string key = reader.text(1u << 16, "a metadata key");
    if (key.empty()) reader.damaged("an empty metadata key");
    if (!seen.insert(key).second) reader.damaged("metadata key " + key + " appears twice");
    uint32_t type = reader.number<uint32_t>("a metadata value");
    if (type == kArray) {
      skip_array(reader, key, 0);
    } else if (type == kString) {
      std::string value = reader.text(kMaxString, "a metadata string");
      if (key == "general.architecture") summary.architecture = value;
    } else if (uint64_t bytes = value_bytes(type)) {
      unsigned char raw[8];
      reader.read(raw, bytes, "a metadata value");
      if (type == kBool && raw[0] > 1) reader.damaged("metadata " + key + " is neither true nor false");
      if (type == kFloat32 || type == kFloat64) continue;
      uint64_t value = as_unsigned(raw, type);
      if (key == "general.alignment") {
        if (type != kUint32 || value < 8 || value > (1u << 20) || (value & (value - 1)) != 0) reader.damaged("general.alignment is " + std::to_string(value));
        alignment = value;
      } else if (key == "split.count") {
        if (value < 1 || value > 1024) reader.damaged("split.count is " + std::to_string(value));
        summary.split_count = static_cast<uint32_t>(value);
      } else if (key == "split.no") {
        summary.split_index = static_cast<uint32_t>(value);
      } else {
        check_number(reader, key, value);
      }
    } else {
      reader.damaged("metadata " + key + " has unknown type " + std::to_string(type));
    }
  }
  return alignment;
}

void read_tensors(Reader& reader, GgufSummary& summary, uint64_t alignment) {
  struct Span { uint64_t offset, bytes; };
  std::vector<Span> spans;
  std::set<std::string> seen;
  uint64_t expected = 0;
  for (uint64_t i = 0; i < summary.tensor_count; i++) {
    std::string name = reader.text(kMaxTensorName - 1, "a tensor name");
    if (!seen.insert(name).second) reader.damaged("tensor " + name + " appears twice");
    uint32_t dimensions = reader.number<uint32_t>("a tensor description");
    if (dimensions < 1 || dimensions > kMaxDimensions) reader.damaged("tensor " + name + " has " + std::to_string(dimensions) + " dimensions");
    uint64_t elements = 1, row = 1;
    for (uint32_t d = 0; d < dimensions; d++) {
      uint64_t extent = reader.number<uint64_t>("a tensor description");
      if (extent == 0 || extent > (uint64_t{1} << 40) || elements > (uint64_t{1} << 48) / extent) {
        reader.damaged("tensor " + name + " has an extent of " + std::to_string(extent));
      }
      if (d == 0) row = extent;
      elements *= extent;
    }
    uint32_t type = reader.number<uint32_t>("a tensor description");
    // Removed types have blocks of 0 elements.
    uint64_t block = type < GGML_TYPE_COUNT ? static_cast<uint64_t>(ggml_blck_size(static_cast<ggml_type>(type))) : 0;
    if (block == 0) reader.damaged("tensor " + name + " has unknown type " + std::to_string(type));
    if (row % block != 0) reader.damaged("tensor " + name + " has rows of " + std::to_string(row) + ", not whole blocks");
    uint64_t bytes = elements / block * ggml_type_size(static_cast<ggml_type>(type));
    uint64_t offset = reader.number<uint64_t>("a tensor description");
    if (offset % alignment != 0 || offset != expected) reader.damaged("tensor " + name + " lies at offset " + std::to_string(offset) + ", expected " + std::to_string(expected));
    expected = offset + (bytes + alignment - 1) / alignment * alignment;
    spans.push_back({offset, bytes});
    if (name.rfind("blk.", 0) == 0) summary.layer_bytes[static_cast<int32_t>(std::strtol(name.c_str() + 4, nullptr, 10))] += bytes;
    else summary.other_bytes[name] += bytes;
  }
  uint64_t start = (reader.offset() + alignment - 1) / alignment * alignment;
  for (const Span& span : spans) {
    if (start > reader.size() || span.offset > reader.size() - start || span.bytes > reader.size() - start - span.offset) {
      reader.truncated("the tensor data");
    }
  }
}

}  // namespace

GgufSummary check_gguf_file(const std::string& path) {
  std::error_code error;
  fs::path file_path = fs::u8path(path);
  fs::file_status status = fs::status(file_path, error);
  if (status.type() == fs::file_type::not_found) {
    throw Failure("MODEL_NOT_FOUND", "No model file at " + path + ".", {{"path", path}});
  }
  if (status.type() == fs::file_type::directory) {
    throw Failure("MODEL_IS_DIRECTORY", path + " is a folder; a GGUF file is wanted.", {{"path", path}});
  }
#if defined(_WIN32)
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(_wfopen(file_path.c_str(), L"rb"), &std::fclose);
#else
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
#endif
  if (!file) {
    int reason = errno;
    if (reason == ENOENT) throw Failure("MODEL_NOT_FOUND", "No model file at " + path + ".", {{"path", path}});
    throw Failure("MODEL_NO_PERMISSION", "Cannot read " + path + ": " + std::generic_category().message(reason) + ".", {{"path", path}});
  }
  GgufSummary summary;
  summary.file_bytes = fs::file_size(file_path, error);
  if (error) throw Failure("MODEL_NOT_GGUF", path + " is not a regular file.", {{"path", path}});

  Reader reader(path, file.get(), summary.file_bytes);
  char magic[4] = {0, 0, 0, 0};
  if (summary.file_bytes >= 4) reader.read(magic, 4, "the header");
  if (std::memcmp(magic, "GGUF", 4) != 0) {
    throw Failure("MODEL_NOT_GGUF", path + " is not a GGUF file (it does not begin with \"GGUF\").",
                  {{"path", path}, {"bytes", static_cast<double>(summary.file_bytes)}});
  }
  summary.version = reader.number<uint32_t>("the header");
  if (summary.version != 2 && summary.version != 3) {
    bool swapped = (summary.version & 0xffff) == 0;
    throw Failure("MODEL_GGUF_VERSION",
                  path + (swapped ? " is a big-endian GGUF file; only little-endian ones can be read."
                                  : " is GGUF version " + std::to_string(summary.version) + "; versions 2 and 3 can be read. Convert the model again with a current llama.cpp."),
                  {{"path", path}, {"version", static_cast<double>(summary.version)}, {"bigEndian", swapped}});
  }
  summary.tensor_count = reader.number<uint64_t>("the header");
  summary.metadata_count = reader.number<uint64_t>("the header");
  if (summary.tensor_count > kMaxCount) reader.damaged(std::to_string(summary.tensor_count) + " tensors");
  if (summary.metadata_count > kMaxCount) reader.damaged(std::to_string(summary.metadata_count) + " metadata keys");

  uint64_t alignment = read_metadata(reader, summary);
  read_tensors(reader, summary, alignment);
  if (summary.architecture.empty() && summary.split_index == 0) reader.damaged("it names no general.architecture");
  return summary;
}

std::vector<std::string> check_model_files(const std::string& path) {
  GgufSummary first = check_gguf_file(path);
  std::vector<std::string> paths = {path};
  if (first.split_count <= 1) return paths;
  char suffix[64];
  std::snprintf(suffix, sizeof suffix, "-%05u-of-%05u.gguf", first.split_index + 1, first.split_count);
  size_t length = std::strlen(suffix);
  if (first.split_index != 0 || path.size() <= length || path.compare(path.size() - length, length, suffix) != 0) {
    throw Failure("MODEL_LOAD_FAILED",
                  path + " is part " + std::to_string(first.split_index + 1) + " of a model in " + std::to_string(first.split_count) +
                      " parts. Give the first part, named …-00001-of-" + std::string(suffix + length - 10, 5) + ".gguf.",
                  {{"path", path}, {"part", static_cast<double>(first.split_index + 1)}, {"parts", static_cast<double>(first.split_count)}});
  }
  std::string prefix = path.substr(0, path.size() - length);
  for (uint32_t i = 1; i < first.split_count; i++) {
    std::snprintf(suffix, sizeof suffix, "-%05u-of-%05u.gguf", i + 1, first.split_count);
    paths.push_back(prefix + suffix);
    check_gguf_file(paths.back());
  }
  return paths;
}

}  // namespace unshift
