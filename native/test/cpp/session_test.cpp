#include <doctest/doctest.h>

#include <thread>

#include "session/embedder.h"
#include "session/failure.h"
#include "session/generate.h"
#include "session/ranker.h"
#include "session/score.h"
#include "tiny_model.h"

using namespace unshift;

namespace {

const AbortFlag kGoOn{false};

std::shared_ptr<Model> load(const tiny::Options& options = {}) {
  tiny::File file("session.gguf");
  tiny::write(file.path(), options);
  LoadSettings settings;
  settings.mmap = false;
  return Model::load(file.path(), settings, kGoOn, nullptr);
}

std::unique_ptr<Context> context_of(std::shared_ptr<Model> model, int32_t sequences = 1, bool strict = true) {
  ContextSettings settings;
  settings.context_size = 256;
  settings.chunk_size = 16;
  settings.sequences = sequences;
  settings.threads = 1;
  settings.strict = strict;
  return std::make_unique<Context>(std::move(model), settings, nullptr);
}

std::vector<int32_t> ids(unsigned seed, size_t n) {
  std::mt19937 random(seed);
  std::vector<int32_t> list(n);
  for (int32_t& id : list) id = static_cast<int32_t>(3 + random() % 280);
  return list;
}

std::string code_of(const std::function<void()>& body) {
  try {
    body();
    return "";
  } catch (const Failure& failure) {
    return failure.code();
  }
}

ScoreRequest score_request(std::vector<int32_t> tokens, int32_t from, int32_t prefix = 0) {
  ScoreRequest request;
  request.tokens = std::move(tokens);
  request.from = from;
  request.prefix = prefix;
  return request;
}

}  // namespace

TEST_CASE("scores do not depend on what the memory holds") {
  auto model = load();
  auto fresh = context_of(model), used = context_of(model);
  std::vector<int32_t> prefix = ids(1, 37);
  std::vector<std::vector<int32_t>> items;
  for (unsigned i = 0; i < 5; i++) {
    std::vector<int32_t> item = prefix, rest = ids(10 + i, 20 + 9 * i);
    item.insert(item.end(), rest.begin(), rest.end());
    items.push_back(item);
  }
  score(*used, score_request(ids(99, 120), 3), kGoOn);
  for (size_t i : {3u, 0u, 4u, 1u, 2u, 0u}) {
    fresh->clear();
    Columns a = score(*fresh, score_request(items[i], 45, 37), kGoOn), b = score(*used, score_request(items[i], 45, 37), kGoOn);
    CHECK(a.reused == 0);
    CHECK(a.logprob == b.logprob);
    CHECK(a.entropy == b.entropy);
    CHECK(a.rank == b.rank);
    CHECK(a.top_logprobs == b.top_logprobs);
    CHECK(b.reused + b.decoded == static_cast<int32_t>(items[i].size()) - 1);
  }
  CHECK(score(*used, score_request(items[1], 45, 37), kGoOn).reused >= 37);
}

TEST_CASE("a model against itself is exactly the same; exchanging the two exchanges the columns") {
  auto one = load(), other = load({2, 64, 0});
  auto a = context_of(one), b = context_of(one), c = context_of(other);
  PairRequest request;
  request.reference_prompt = request.subject_prompt = ids(5, 30);
  request.answer = ids(6, 50);
  PairColumns self = compare_pair(*a, *b, request, kGoOn);
  for (double kl : self.kl_reference_subject) CHECK(kl == 0);
  for (double js : self.js) CHECK(js == 0);
  CHECK(self.reference.logprob == self.subject.logprob);
  PairColumns there = compare_pair(*a, *c, request, kGoOn), back = compare_pair(*c, *a, request, kGoOn);
  CHECK(there.kl_reference_subject == back.kl_subject_reference);
  CHECK(there.js == back.js);
  CHECK(there.tv == back.tv);
  CHECK(there.kl_reference_subject[0] > 0);

  std::vector<int32_t> item = request.reference_prompt;
  item.insert(item.end(), request.answer.begin(), request.answer.end());
  CHECK(score(*a, score_request(item, 30), kGoOn).logprob == there.reference.logprob);
  // The bound on rows changes how the answer is cut, not what comes out beyond rounding.
  request.block_bytes = 8 * 4.0 * 300;
  PairColumns small = compare_pair(*a, *c, request, kGoOn);
  for (size_t i = 0; i < small.js.size(); i++) CHECK(std::abs(small.js[i] - there.js[i]) < 1e-5);
}

TEST_CASE("extended vocabularies") {
  auto base = load(), wider = load({3, 64, 8});
  auto a = context_of(base), b = context_of(wider);
  PairRequest request;
  request.reference_prompt = request.subject_prompt = ids(5, 10);
  request.answer = ids(6, 10);
  CHECK(code_of([&] { compare_pair(*a, *b, request, kGoOn); }) == "VOCABULARY_MISMATCH");
  request.allow_extended = true;
  PairColumns columns = compare_pair(*a, *b, request, kGoOn);
  REQUIRE(columns.extended);
  for (size_t i = 0; i < 10; i++) {
    CHECK(columns.reference_dropped[i] == 0);
    CHECK(columns.subject_dropped[i] > 0);
    CHECK(columns.subject_dropped[i] < 1);
  }
  request.answer[4] = 290;
  CHECK(code_of([&] { compare_pair(*b, *a, request, kGoOn); }) == "VOCABULARY_MISMATCH");
}

TEST_CASE("a generation does not depend on its neighbours") {
  auto model = load();
  std::vector<GenerateRequest> requests;
  for (unsigned i = 0; i < 7; i++) {
    GenerateRequest request;
    request.prompt = ids(i, 3 + 11 * i);
    request.max_tokens = static_cast<int32_t>(8 + 5 * i);
    request.capture = true;
    request.sampler.temperature = i % 2 ? 0.9 : 0;
    request.sampler.seed = i;
    requests.push_back(request);
  }
  for (int32_t sequences : {1, 3, 4, 6}) {
    CAPTURE(sequences);
    auto context = context_of(model, sequences);
    auto together = generate(*context, requests, {}, kGoOn);
    for (size_t i = requests.size(); i-- > 0;) {
      auto alone = generate(*context, {requests[i]}, {}, kGoOn);
      CHECK(alone[0].ids == together[i].ids);
      CHECK(alone[0].captured->logprob == together[i].captured->logprob);
    }
  }
}

TEST_CASE("a shared prefix is decoded once and copied") {
  auto model = load();
  auto context = context_of(model, 4);
  std::vector<int32_t> prefix = ids(1, 100);
  std::vector<GenerateRequest> requests(4);
  for (unsigned i = 0; i < 4; i++) {
    requests[i].prompt = prefix;
    requests[i].prompt.push_back(static_cast<int32_t>(20 + i));
    requests[i].prefix = 100;
    requests[i].max_tokens = 5;
    requests[i].capture = true;
  }
  auto shared = generate(*context, requests, {}, kGoOn);
  CHECK(shared[0].reused == 0);
  for (size_t i = 1; i < 4; i++) {
    CHECK(shared[i].reused == 100);
    context->clear();
    auto alone = generate(*context, {requests[i]}, {}, kGoOn);
    CHECK(alone[0].reused == 0);
    CHECK(alone[0].ids == shared[i].ids);
    CHECK(alone[0].captured->logprob == shared[i].captured->logprob);
  }
}

TEST_CASE("ends of a generation") {
  auto model = load();
  auto context = context_of(model);
  GenerateRequest request;
  request.prompt = ids(3, 20);
  request.max_tokens = 30;
  Generation whole = generate(*context, {request}, {}, kGoOn)[0];
  CHECK(whole.prompt_tokens == 20);
  REQUIRE(whole.ids.size() > 6);
  // An id of the text as a stop id ends it there and counts.
  request.stop_ids = {whole.ids[4]};
  Generation stopped = generate(*context, {request}, {}, kGoOn)[0];
  CHECK(stopped.finish == FinishReason::eos);
  CHECK(stopped.ids.back() == whole.ids[4]);
  CHECK(stopped.answer_length == static_cast<int32_t>(stopped.ids.size()));
  request.stop_ids.clear();
  request.max_tokens = 1000;
  request.stop = {"\x01 cannot be"};
  Generation full = generate(*context, {request}, {}, kGoOn)[0];
  if (full.finish == FinishReason::context) CHECK(full.ids.size() + 20 == 256);
  request.prompt = ids(3, 256);
  CHECK(code_of([&] { generate(*context, {request}, {}, kGoOn); }) == "CONTEXT_TOO_SMALL");
}

TEST_CASE("faults have codes") {
  auto model = load();
  auto context = context_of(model);
  CHECK(code_of([&] { score(*context, score_request({5, 9999}, 1), kGoOn); }) == "NATIVE_INVALID_ARGUMENT");
  CHECK(code_of([&] { score(*context, score_request(ids(1, 257), 1), kGoOn); }) == "CONTEXT_TOO_SMALL");
  AbortFlag abort{true};
  CHECK(code_of([&] { score(*context, score_request(ids(1, 100), 1), abort); }) == "ABORTED");
  // After an abort the context goes on from nothing.
  auto other = context_of(model);
  CHECK(score(*context, score_request(ids(1, 100), 1), kGoOn).logprob == score(*other, score_request(ids(1, 100), 1), kGoOn).logprob);
}

TEST_CASE("fast numerics work too") {
  auto model = load();
  auto context = context_of(model, 3, false), strict = context_of(model);
  Columns fast = score(*context, score_request(ids(1, 60), 10), kGoOn), exact = score(*strict, score_request(ids(1, 60), 10), kGoOn);
  for (size_t i = 0; i < fast.logprob.size(); i++) CHECK(std::abs(fast.logprob[i] - exact.logprob[i]) < 0.05);
  GenerateRequest request;
  request.prompt = ids(2, 10);
  request.max_tokens = 10;
  CHECK(generate(*context, {request, request, request, request}, {}, kGoOn).size() == 4);
}

TEST_CASE("two contexts on two threads") {
  auto model = load();
  std::vector<Columns> results(2);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 2; i++) {
    threads.emplace_back([&, i] {
      auto context = context_of(model);
      for (int round = 0; round < 3; round++) results[i] = score(*context, score_request(ids(1, 80), 1), kGoOn);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(results[0].logprob == results[1].logprob);
}

TEST_CASE("a text's row does not depend on its neighbours; several decodes make one row") {
  auto model = load();
  EmbedderSettings settings;
  settings.threads = 1;
  std::vector<std::vector<int32_t>> texts = {ids(1, 5), {}, ids(2, 40), ids(3, 400)};
  for (auto pooling : {Pooling::mean, Pooling::last, Pooling::cls}) {
    settings.pooling = pooling;
    Embedder embedder(model, settings, nullptr);
    auto d = static_cast<size_t>(embedder.dimensions());
    size_t heard = 0;
    std::vector<float> rows = embedder.embed(texts, [&](size_t done) { heard = done; }, kGoOn);
    CHECK(heard == texts.size());
    for (size_t i = 0; i < texts.size(); i++) {
      std::vector<float> alone = embedder.embed({texts[i]}, nullptr, kGoOn);
      CHECK(alone == std::vector<float>(rows.begin() + static_cast<std::ptrdiff_t>(i * d), rows.begin() + static_cast<std::ptrdiff_t>((i + 1) * d)));
    }
    CHECK(code_of([&] { embedder.embed({ids(1, 513)}, nullptr, kGoOn); }) == "CONTEXT_TOO_SMALL");
    CHECK(code_of([&] { embedder.embed({{5, 9999}}, nullptr, kGoOn); }) == "NATIVE_INVALID_ARGUMENT");
    AbortFlag abort{true};
    CHECK(code_of([&] { embedder.embed(texts, nullptr, abort); }) == "ABORTED");
  }
}

TEST_CASE("a model without a classifier head ranks nothing") {
  auto model = load();
  CHECK(code_of([&] { Ranker ranker(model, {}, nullptr); }) == "EMBEDDING_UNSUPPORTED");
}
