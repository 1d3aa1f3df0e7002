/** sha256 of model files, with a cache in memory and a best-effort one on disk: hashing 40 GB twice a day is a nuisance. */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <vector>

#include "../kernels/sha256.h"
#include "failure.h"
#include "model.h"

namespace unshift {
namespace {

namespace fs = std::filesystem;

std::mutex cache_mutex;
std::map<std::string, std::string>& cache() {
  static std::map<std::string, std::string> hashes;
  return hashes;
}

fs::path cache_file() {
  auto folder = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value ? fs::u8path(value) : fs::path();
  };
  fs::path base = folder("XDG_CACHE_HOME");
  if (base.empty()) base = folder("LOCALAPPDATA");
  if (base.empty() && !folder("HOME").empty()) base = folder("HOME") / ".cache";
  return base.empty() ? fs::path() : base / "unshift" / "file-hashes.tsv";
}

/** "path <tab> bytes <tab> time of change" of every file; anything that changes makes another key. */
std::string cache_key(const std::vector<std::string>& files, double* total) {
  std::ostringstream key;
  for (const std::string& file : files) {
    std::error_code error;
    fs::path path = fs::u8path(file);
    auto bytes = fs::file_size(path, error);
    if (error) throw Failure("MODEL_NOT_FOUND", "No model file at " + file + ".", {{"path", file}});
    auto changed = fs::last_write_time(path, error).time_since_epoch().count();
    *total += static_cast<double>(bytes);
    key << fs::absolute(path, error).u8string() << '\t' << bytes << '\t' << changed << '\t';
  }
  return key.str();
}

std::string stored_hash(const std::string& key) {
  std::lock_guard<std::mutex> lock(cache_mutex);
  if (auto found = cache().find(key); found != cache().end()) return found->second;
  fs::path path = cache_file();
  if (path.empty()) return "";
  std::ifstream file(path);
  std::string hash;
  for (std::string line; std::getline(file, line);) {
    if (line.size() == key.size() + 64 && line.compare(0, key.size(), key) == 0) hash = line.substr(key.size());
  }
  if (!hash.empty()) cache()[key] = hash;
  return hash;
}

void store_hash(const std::string& key, const std::string& hash) {
  std::lock_guard<std::mutex> lock(cache_mutex);
  cache()[key] = hash;
  fs::path path = cache_file();
  if (path.empty() || key.find('\n') != std::string::npos) return;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  // One short append: lines of several processes do not mix, and a lost one only costs time.
  std::ofstream file(path, std::ios::app);
  file << key + hash + "\n" << std::flush;
}

}  // namespace

std::string hash_files(const std::vector<std::string>& files, const AbortFlag& abort, const std::function<void(float)>& on_progress) {
  double total = 0, done = 0;
  std::string key = cache_key(files, &total);
  if (std::string known = stored_hash(key); !known.empty()) {
    if (on_progress) on_progress(1.0f);
    return known;
  }
  kernels::Sha256 hash;
  std::vector<char> buffer(1 << 20);
  for (const std::string& path : files) {
    std::ifstream file(fs::u8path(path), std::ios::binary);
    if (!file) throw Failure("MODEL_NO_PERMISSION", "Cannot read " + path + ".", {{"path", path}});
    while (file) {
      if (abort.load(std::memory_order_relaxed)) throw Failure("ABORTED", "Hashing " + path + " was aborted.", {{"path", path}});
      file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
      auto got = static_cast<size_t>(file.gcount());
      hash.update(buffer.data(), got);
      done += static_cast<double>(got);
      if (on_progress && got > 0) on_progress(static_cast<float>(done / total));
    }
    if (file.bad()) throw Failure("MODEL_NO_PERMISSION", "Reading " + path + " failed.", {{"path", path}});
  }
  std::string digest = hash.finish();
  store_hash(key, digest);
  return digest;
}

}  // namespace unshift
