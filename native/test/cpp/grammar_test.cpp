#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <random>

#include "session/failure.h"
#include "session/grammar.h"
#include "session/model.h"
#include "session/sampler.h"
#include "tiny_model.h"

using namespace unshift;

namespace {

std::shared_ptr<Model> load() {
  static const AbortFlag go_on{false};
  tiny::File file("grammar.gguf");
  tiny::write(file.path());
  LoadSettings settings;
  settings.mmap = false;
  return Model::load(file.path(), settings, go_on, nullptr);
}

std::string spell(uint32_t c) {
  auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

std::vector<float> random_row(size_t v, std::mt19937& random) {
  std::normal_distribution<float> normal;
  std::vector<float> row(v);
  for (float& logit : row) logit = normal(random);
  return row;
}

}  // namespace

TEST_CASE("UTF-8: every character passes, split anywhere; of all sequences of three bytes nothing else") {
  for (uint32_t c = 1; c <= 0x10FFFF; c++) {
    std::string bytes = spell(c);
    bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    Utf8 utf8;
    bool passes = true;
    for (char byte : bytes) passes = passes && utf8.take(std::string_view(&byte, 1));
    if (passes == surrogate || (passes && !utf8.whole())) FAIL("character " << c);
  }
  // Slow twin: whatever begins with a whole character of at most three bytes spelled as above.
  std::map<std::string, bool> characters;
  for (uint32_t c = 1; c < 0x10000; c++) characters[spell(c)] = c < 0xD800 || c > 0xDFFF;
  size_t passed = 0;
  for (uint32_t i = 0; i < 1u << 24; i++) {
    std::string bytes = {static_cast<char>(i >> 16), static_cast<char>(i >> 8), static_cast<char>(i)};
    if (static_cast<unsigned char>(bytes[0]) < 0xE0 || static_cast<unsigned char>(bytes[0]) > 0xEF) {
      i |= 0xFFFF;  // only leads of three bytes; the others are shorter or longer
      continue;
    }
    Utf8 utf8;
    bool passes = utf8.take(bytes);
    auto known = characters.find(bytes);
    if (passes != (known != characters.end() && known->second)) FAIL("bytes " << i);
    passed += passes;
  }
  CHECK(passed == 0x10000 - 0x800 - 0x800);
}

TEST_CASE("the best allowed id is that of a row masked as a whole; one id alone is judged alike") {
  auto model = load();
  const Vocabulary& vocabulary = model->vocabulary();
  auto v = static_cast<size_t>(vocabulary.size());
  std::mt19937 random(1);
  for (const char* rules : {"root ::= [a-f] [x-z]+", "root ::= [^a-z]* | \"q\"", "root ::= (\"ab\" | \"cd\"){2,5}", "root ::= [a-z]?"}) {
    CAPTURE(rules);
    Grammar grammar(vocabulary, rules, {});
    for (int step = 0; step < 20; step++) {
      std::vector<float> row = random_row(v, random), masked = row;
      REQUIRE(grammar.mask(masked.data()));
      int32_t best = -1;
      for (size_t i = 0; i < v; i++) {
        auto id = static_cast<int32_t>(i);
        if (grammar.allows(id) != std::isfinite(masked[i])) FAIL("id " << i);
        if (std::isfinite(masked[i]) && (best < 0 || row[i] > row[static_cast<size_t>(best)])) best = id;
      }
      CHECK(grammar.best(row.data()) == best);
      Sampler sampler({}, vocabulary.size(), {});
      CHECK(sampler.sample(row.data(), &grammar) == best);
      if (vocabulary.ends_generation(best)) break;
      grammar.accept(best);
    }
  }
}

TEST_CASE("draws under a grammar follow the distribution restricted to what it allows") {
  auto model = load();
  const Vocabulary& vocabulary = model->vocabulary();
  auto v = static_cast<size_t>(vocabulary.size());
  std::mt19937 random(2);
  const std::vector<float> row = random_row(v, random);
  Grammar grammar(vocabulary, "root ::= [a-j]", {});
  SamplerSettings settings;
  settings.temperature = 0.8;
  settings.seed = 3;
  Sampler sampler(settings, vocabulary.size(), {});
  const int draws = 20000;
  std::map<int32_t, int> counts;
  for (int i = 0; i < draws; i++) {
    std::vector<float> copy = row;
    counts[sampler.sample(copy.data(), &grammar)]++;
  }
  double total = 0, chi = 0;
  std::map<int32_t, double> weights;
  for (size_t i = 0; i < v; i++) {
    if (grammar.allows(static_cast<int32_t>(i))) total += weights[static_cast<int32_t>(i)] = std::exp(row[i] / 0.8);
  }
  REQUIRE(weights.size() >= 10);
  for (const auto& [id, count] : counts) REQUIRE(weights.count(id) == 1);
  for (const auto& [id, weight] : weights) {
    double expected = draws * weight / total;
    chi += (counts[id] - expected) * (counts[id] - expected) / expected;
  }
  // 99.9 % point of χ² at 19 degrees of freedom; there are 20 ids at most: a letter and the byte of it.
  CHECK(weights.size() <= 20);
  CHECK(chi < 43.82);
}

TEST_CASE("ends: only where the grammar may end, further ending ids too") {
  auto model = load();
  const Vocabulary& vocabulary = model->vocabulary();
  int32_t x = vocabulary.encode("x", false, false).back();
  int32_t eos = vocabulary.eos();
  Grammar grammar(vocabulary, "root ::= \"ab\"? [x]?", {x});
  CHECK(grammar.allows(eos));
  CHECK(grammar.allows(x));
  CHECK_FALSE(grammar.allows(vocabulary.bos()));
  Grammar strict(vocabulary, "root ::= \"xa\"", {x});
  CHECK_FALSE(strict.allows(x));
  CHECK_FALSE(strict.allows(eos));
  std::vector<float> row(static_cast<size_t>(vocabulary.size()), -INFINITY);
  row[static_cast<size_t>(eos)] = 1;
  CHECK(strict.best(row.data()) == -1);
  CHECK_FALSE(strict.mask(row.data()));
}
