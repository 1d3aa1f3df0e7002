#include "rows_file.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "../kernels/parallel.h"
#include "../kernels/rows_out.h"
#include "failure.h"

#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace unshift {
namespace {

namespace fs = std::filesystem;

constexpr float kLowestHalf = -65504.0f;

struct Header {
  char magic[8];
  int32_t version, half, n, v, top_k, dropped;
  double tv, kl;
  char unused[16];
};
static_assert(sizeof(Header) == 64, "the header is 64 bytes");

Header header_of(const RowsShape& shape, const Rounding& rounding) {
  Header header{};
  std::memcpy(header.magic, "UNSHROWS", 8);
  header.version = 1;
  header.half = shape.half;
  header.n = shape.n;
  header.v = shape.v;
  header.top_k = shape.top_k;
  header.dropped = shape.dropped;
  header.tv = rounding.tv;
  header.kl = rounding.kl;
  return header;
}

std::FILE* open_file(const std::string& path, bool write) {
#if defined(_WIN32)
  return _wfopen(fs::u8path(path).c_str(), write ? L"wb" : L"rb");
#else
  return std::fopen(path.c_str(), write ? "wb" : "rb");
#endif
}

/** x − max in float16; −inf stays a masked id, a finite logit stays finite. */
void to_halves(const float* row, size_t v, uint16_t* out) {
  float max = *std::max_element(row, row + v);
  for (size_t i = 0; i < v; i++) {
    float x = row[i] - max;
    out[i] = kernels::to_half(std::isinf(x) ? x : std::max(x, kLowestHalf));
  }
}

}  // namespace

double rows_file_bytes(const RowsShape& shape) {
  double n = shape.n, k = shape.top_k;
  return sizeof(Header) + n * shape.v * (shape.half ? 2.0 : 4.0) + n * (8 + 8 + (shape.dropped ? 8 : 0) + 8 * k + 4 + 4 * k);
}

RowsWriter::RowsWriter(std::string path, const RowsShape& shape)
    : path_(std::move(path)), part_(path_ + ".part"), shape_(shape), file_(open_file(part_, true), &std::fclose) {
  if (!file_) fail(errno);
  Header header = header_of(shape_, rounding_);
  put(&header, sizeof header);
}

RowsWriter::~RowsWriter() {
  if (!file_) return;
  file_.reset();
  std::error_code ignored;  // what is left is overwritten by the next attempt
  fs::remove(fs::u8path(part_), ignored);
}

void RowsWriter::rows(const float* rows, size_t count, int threads) {
  auto v = static_cast<size_t>(shape_.v);
  if (!shape_.half) {
    put(rows, count * v * sizeof(float));
    return;
  }
  halves_.resize(count * v);
  std::mutex mutex;
  kernels::parallel_rows(count, threads, [&](size_t i) {
    to_halves(rows + i * v, v, halves_.data() + i * v);
    std::vector<float> rounded(v);
    for (size_t id = 0; id < v; id++) rounded[id] = kernels::from_half(halves_[i * v + id]);
    kernels::PairDivergences error;
    if (kernels::pair_divergences(rows + i * v, rounded.data(), v, &error) != kernels::RowFault::none) return;
    std::lock_guard<std::mutex> lock(mutex);
    rounding_.tv = std::max(rounding_.tv, error.tv);
    rounding_.kl = std::max(rounding_.kl, error.kl_reference_subject);
  });
  put(halves_.data(), halves_.size() * sizeof(uint16_t));
}

void RowsWriter::finish(const Columns& columns, const std::vector<double>& dropped) {
  auto column = [this](const auto& values) { put(values.data(), values.size() * sizeof(values[0])); };
  column(columns.logprob);
  column(columns.entropy);
  if (shape_.dropped) column(dropped);
  column(columns.top_logprobs);
  column(columns.rank);
  column(columns.top_ids);
  Header header = header_of(shape_, rounding_);
  if (std::fseek(file_.get(), 0, SEEK_SET) != 0) fail(errno);
  put(&header, sizeof header);
  if (std::fflush(file_.get()) != 0) fail(errno);
#if !defined(_WIN32)
  // A name stands for a whole file, also after the machine lost power.
  if (fsync(fileno(file_.get())) != 0) fail(errno);
#endif
  if (std::fclose(file_.release()) != 0) fail(errno);
  std::error_code error;
  fs::rename(fs::u8path(part_), fs::u8path(path_), error);
  if (error) fail(error.value());
}

void RowsWriter::put(const void* data, size_t bytes) {
  if (bytes > 0 && std::fwrite(data, 1, bytes, file_.get()) != bytes) fail(errno);
}

void RowsWriter::fail(int reason) {
  bool full = reason == ENOSPC;
#if defined(EDQUOT)
  full |= reason == EDQUOT;
#endif
  throw Failure(full ? "RUN_NO_SPACE" : "RUN_NOT_WRITABLE",
                "Rows of logits could not be written to " + part_ + ": " + std::generic_category().message(reason) + ".", {{"path", part_}});
}

RowsReader::RowsReader(std::string path, const RowsShape& shape) : path_(std::move(path)), shape_(shape), file_(open_file(path_, false), &std::fclose) {
  if (!file_) fail(std::generic_category().message(errno));
  Header header, expected = header_of(shape_, {});
  get(&header, sizeof header);
  rounding_ = {header.tv, header.kl};
  expected.tv = header.tv;
  expected.kl = header.kl;
  if (std::memcmp(&header, &expected, sizeof header) != 0) fail("it holds rows of something else");
}

const float* RowsReader::rows(size_t count, int threads) {
  auto v = static_cast<size_t>(shape_.v);
  rows_.resize(count * v);
  if (!shape_.half) {
    get(rows_.data(), count * v * sizeof(float));
    return rows_.data();
  }
  halves_.resize(count * v);
  get(halves_.data(), halves_.size() * sizeof(uint16_t));
  kernels::parallel_rows(count, threads, [&](size_t i) {
    for (size_t at = i * v; at < (i + 1) * v; at++) rows_[at] = kernels::from_half(halves_[at]);
  });
  return rows_.data();
}

void RowsReader::finish(Columns& columns, std::vector<double>& dropped) {
  auto column = [this](auto& values) { get(values.data(), values.size() * sizeof(values[0])); };
  column(columns.logprob);
  column(columns.entropy);
  if (shape_.dropped) column(dropped);
  column(columns.top_logprobs);
  column(columns.rank);
  column(columns.top_ids);
}

void RowsReader::get(void* data, size_t bytes) {
  if (bytes > 0 && std::fread(data, 1, bytes, file_.get()) != bytes) fail("it ends too early");
}

void RowsReader::fail(const std::string& why) {
  throw Failure("RUN_CORRUPT", "The waiting rows of logits in " + path_ + " cannot be read: " + why + ".", {{"path", path_}, {"reason", why}});
}

}  // namespace unshift
