#include <doctest/doctest.h>

#include <cstring>
#include <numeric>

#include "kernels/rows_out.h"
#include "session/failure.h"
#include "session/generate.h"
#include "session/logits.h"
#include "session/score.h"
#include "tiny_model.h"

using namespace unshift;

namespace {

const AbortFlag kGoOn{false};

std::shared_ptr<Model> load(const tiny::Options& options = {}) {
  tiny::File file("logits.gguf");
  tiny::write(file.path(), options);
  LoadSettings settings;
  settings.mmap = false;
  return Model::load(file.path(), settings, kGoOn, nullptr);
}

std::unique_ptr<Context> context_of(std::shared_ptr<Model> model, int32_t chunk = 16) {
  ContextSettings settings;
  settings.context_size = 256;
  settings.chunk_size = chunk;
  settings.threads = 1;
  return std::make_unique<Context>(std::move(model), settings, nullptr);
}

std::vector<int32_t> ids(unsigned seed, size_t n) {
  std::mt19937 random(seed);
  std::vector<int32_t> list(n);
  for (int32_t& id : list) id = static_cast<int32_t>(3 + random() % 280);
  return list;
}

LogitsRequest request_of(std::vector<int32_t> tokens, int32_t from, int32_t prefix = 0) {
  LogitsRequest request;
  request.rows.resize(tokens.size() - static_cast<size_t>(from));
  std::iota(request.rows.begin(), request.rows.end(), from);
  request.tokens = std::move(tokens);
  request.from = from;
  request.prefix = prefix;
  return request;
}

/** All rows one after another, float32. `between` runs between two blocks. */
std::vector<float> all(Context& context, const LogitsRequest& request, const std::function<void()>& between = nullptr) {
  LogitsStream stream(context, request);
  std::vector<float> values;
  std::vector<int32_t> rows;
  while (stream.remaining() > 0) {
    LogitsBlock block = stream.next(context, kGoOn);
    CHECK(block.bytes <= std::max(request.block_bytes, 4.0 * context.model().vocabulary().size()));
    rows.insert(rows.end(), block.rows.begin(), block.rows.end());
    size_t at = values.size();
    values.resize(at + block.bytes / 4);
    std::memcpy(values.data() + at, block.values.get(), block.bytes);
    if (between) between();
  }
  CHECK(rows == request.rows);
  return values;
}

std::string code_of(const std::function<void()>& body) {
  try {
    body();
    return "";
  } catch (const Failure& failure) {
    return failure.code();
  }
}

}  // namespace

TEST_CASE("rows are those that score reduces") {
  auto model = load();
  auto a = context_of(model), b = context_of(model);
  auto v = static_cast<size_t>(model->vocabulary().size());
  std::vector<int32_t> item = ids(1, 90);
  ScoreRequest scored;
  scored.tokens = item;
  scored.from = 41;
  scored.prefix = 37;
  Columns columns = score(*a, scored, kGoOn);
  std::vector<float> rows = all(*b, request_of({item.begin(), item.end() - 1}, 40, 37));
  REQUIRE(rows.size() == columns.logprob.size() * v);
  for (size_t i = 0; i < columns.logprob.size(); i++) {
    kernels::RowStatistics statistics;
    REQUIRE(kernels::row_statistics(rows.data() + i * v, v, item[41 + i], &statistics) == kernels::RowFault::none);
    CHECK(statistics.logprob == columns.logprob[i]);
    CHECK(statistics.rank == columns.rank[i]);
    CHECK(statistics.entropy == columns.entropy[i]);
  }
}

TEST_CASE("rows are those of one decode of everything") {
  auto model = load();
  auto whole = context_of(model, 128), cut = context_of(model);
  auto v = static_cast<size_t>(model->vocabulary().size());
  std::vector<int32_t> item = ids(2, 100);
  whole->decode(0, item, 0, 100, 0, kGoOn);
  std::vector<float> rows = all(*cut, request_of(item, 0));
  for (size_t i = 0; i < 100 * v; i++) REQUIRE(std::abs(rows[i] - whole->row(0)[i]) < 1e-4f);
}

TEST_CASE("order, reuse, neighbours, choice of rows and size of blocks change no bit") {
  auto model = load();
  auto fresh = context_of(model), used = context_of(model);
  auto v = static_cast<size_t>(model->vocabulary().size());
  std::vector<int32_t> item = ids(3, 120);
  LogitsRequest request = request_of(item, 45, 37);
  std::vector<float> alone = all(*fresh, request);
  std::vector<int32_t> other(item.begin(), item.begin() + 60);
  all(*used, request_of(other, 45, 37));
  CHECK(all(*used, request) == alone);
  for (double bytes : {1.0, 3.0 * 4 * static_cast<double>(v), 7.0 * 4 * static_cast<double>(v)}) {
    request.block_bytes = bytes;
    CHECK(all(*used, request) == alone);
    // Somebody else in between: what was overwritten is decoded again.
    CHECK(all(*used, request, [&] { all(*used, request_of(ids(9, 50), 3)); }) == alone);
    CHECK(all(*used, request, [&] { used->clear(); }) == alone);
    CHECK(all(*used, request, [&] {
            GenerateRequest generation;
            generation.prompt = ids(8, 20);
            generation.max_tokens = 3;
            generate(*used, {generation}, {}, kGoOn);
          }) == alone);
  }
  request.rows = {45, 77, 78, 119};
  std::vector<float> some = all(*fresh, request);
  for (size_t i = 0; i < request.rows.size(); i++) {
    auto row = static_cast<std::ptrdiff_t>(static_cast<size_t>(request.rows[i] - 45) * v), at = static_cast<std::ptrdiff_t>(i * v);
    auto size = static_cast<std::ptrdiff_t>(v);
    CHECK(std::equal(some.begin() + at, some.begin() + at + size, alone.begin() + row));
  }
}

TEST_CASE("nothing is decoded before it is asked for, nothing behind the last wanted row") {
  auto model = load();
  auto context = context_of(model);
  LogitsRequest request = request_of(ids(4, 200), 40);
  request.rows = {41, 43, 100};
  LogitsStream stream(*context, request);
  CHECK(context->length(0) == 0);
  CHECK(stream.next(*context, kGoOn).rows == std::vector<int32_t>{41, 43});
  CHECK(context->length(0) == 56);
  LogitsBlock last = stream.next(*context, kGoOn);
  CHECK(last.rows == std::vector<int32_t>{100});
  CHECK(last.decoded == 104 - 56);
  CHECK(context->length(0) == 104);
  CHECK(stream.remaining() == 0);
  CHECK(stream.next(*context, kGoOn).rows.empty());
}

TEST_CASE("a block that failed can be asked for again") {
  auto model = load();
  auto context = context_of(model), other = context_of(model);
  LogitsRequest request = request_of(ids(5, 100), 20);
  LogitsStream stream(*context, request);
  LogitsBlock first = stream.next(*context, kGoOn);
  AbortFlag abort{true};
  CHECK(code_of([&] { stream.next(*context, abort); }) == "ABORTED");
  CHECK(stream.remaining() == 80 - first.rows.size());
  LogitsBlock second = stream.next(*context, kGoOn);
  LogitsStream untouched(*other, request);
  untouched.next(*other, kGoOn);
  LogitsBlock expected = untouched.next(*other, kGoOn);
  REQUIRE(second.bytes == expected.bytes);
  CHECK(std::memcmp(second.values.get(), expected.values.get(), second.bytes) == 0);
  CHECK(code_of([&] { LogitsStream(*context, request_of({5, 9999}, 0)); }) == "NATIVE_INVALID_ARGUMENT");
  CHECK(code_of([&] { LogitsStream(*context, request_of(ids(1, 257), 0)); }) == "CONTEXT_TOO_SMALL");
}
