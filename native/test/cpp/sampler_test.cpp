#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "session/sampler.h"

using unshift::Random;
using unshift::Sampler;
using unshift::SamplerSettings;
using Row = std::vector<float>;

namespace {

std::map<int32_t, int> draw_many(SamplerSettings settings, const Row& row, int times) {
  Sampler sampler(settings, static_cast<int32_t>(row.size()), {});
  std::map<int32_t, int> counts;
  for (int i = 0; i < times; i++) {
    Row copy = row;
    counts[sampler.sample(copy.data())]++;
  }
  return counts;
}

}  // namespace

TEST_CASE("greedy takes the best, the smaller id of equals") {
  Row row = {1, 3, 3, 2};
  Sampler sampler({}, 4, {});
  CHECK(sampler.sample(row.data()) == 1);
}

TEST_CASE("the penalty divides positive and multiplies negative logits, once per distinct id") {
  SamplerSettings settings;
  settings.repetition_penalty = 2;
  Row row = {4, 3, -1, -1.5f};
  Sampler sampler(settings, 4, {0, 0, 2});
  CHECK(sampler.sample(row.data()) == 1);
  CHECK(row == Row{2, 3, -2, -1.5f});
  Row next = {4, 3, -1, -1.5f};  // id 1 is seen now
  CHECK(sampler.sample(next.data()) == 0);
  CHECK(next == Row{2, 1.5f, -2, -1.5f});
}

TEST_CASE("a seed repeats, another differs") {
  SamplerSettings settings;
  settings.temperature = 1;
  settings.seed = 7;
  Row row(100, 0.0f);
  auto run = [&](uint64_t seed) {
    settings.seed = seed;
    Sampler sampler(settings, 100, {});
    std::vector<int32_t> ids;
    for (int i = 0; i < 20; i++) {
      Row copy = row;
      ids.push_back(sampler.sample(copy.data()));
    }
    return ids;
  };
  CHECK(run(7) == run(7));
  CHECK(run(7) != run(8));
}

TEST_CASE("draws follow the distribution") {
  SamplerSettings settings;
  settings.temperature = 0.5;
  Row row = {0, std::log(2.0f) / 2, -std::numeric_limits<float>::infinity()};
  auto counts = draw_many(settings, row, 30000);
  CHECK(counts.count(2) == 0);
  CHECK(std::abs(counts[1] / 30000.0 - 2.0 / 3) < 0.01);
}

TEST_CASE("top-k, top-p and min-p cut where they should") {
  // probabilities 0.5, 0.25, 0.125, 0.0625, 0.0625
  Row row;
  for (double p : {0.0625, 0.25, 0.5, 0.125, 0.0625}) row.push_back(static_cast<float>(std::log(p)));
  SamplerSettings settings;
  settings.temperature = 1;
  settings.top_k = 2;
  auto counts = draw_many(settings, row, 4000);
  CHECK(counts.size() == 2);
  CHECK(std::abs(counts[2] / 4000.0 - 2.0 / 3) < 0.03);
  settings.top_k = 0;
  settings.top_p = 0.8;
  CHECK(draw_many(settings, row, 4000).size() == 3);
  settings.top_p = 0.0;
  CHECK(draw_many(settings, row, 100).size() == 1);
  settings.top_p = 1;
  settings.min_p = 0.2;
  CHECK(draw_many(settings, row, 4000).size() == 3);
  // The nucleus is taken of what top-k left: 0.5 of 0.75 is two thirds, above 0.6.
  settings.min_p = 0;
  settings.top_k = 2;
  settings.top_p = 0.6;
  CHECK(draw_many(settings, row, 4000).size() == 1);
}

TEST_CASE("a nucleus larger than the first guess") {
  Row row(5000, 0.0f);
  SamplerSettings settings;
  settings.temperature = 1;
  settings.top_p = 0.5;
  auto counts = draw_many(settings, row, 20000);
  CHECK(counts.rbegin()->first == 2499);
  CHECK(counts.size() > 2400);
}

TEST_CASE("a row of many pieces: draws follow the distribution, min-p keeps what it should") {
  // Ids far apart, the last piece of a few ids only; everything else has no mass to speak of.
  Row row(5003, -60.0f);
  std::map<int32_t, double> p = {{0, 0.1}, {1023, 0.2}, {1024, 0.3}, {3000, 0.05}, {5002, 0.35}};
  for (auto [id, share] : p) row[static_cast<size_t>(id)] = static_cast<float>(2 * std::log(share));
  SamplerSettings settings;
  settings.temperature = 2;
  const int times = 20000;
  std::map<int32_t, int> counts = draw_many(settings, row, times);
  CHECK(counts.size() == p.size());
  for (auto [id, share] : p) CHECK(std::abs(counts[id] - share * times) < 5 * std::sqrt(share * times));
  settings.min_p = 0.5;  // of 0.35: 0.2 and more
  counts = draw_many(settings, row, times);
  CHECK(counts.size() == 3);
  for (int32_t id : {1023, 1024, 5002}) CHECK(std::abs(counts[id] - p[id] / 0.85 * times) < 5 * std::sqrt(p[id] * times));
  Row masked(3000, -INFINITY);
  masked[2047] = 1;
  settings.min_p = 0;
  CHECK(draw_many(settings, masked, 50) == std::map<int32_t, int>{{2047, 50}});
}

TEST_CASE("rows that are not finite give no id") {
  SamplerSettings settings;
  for (double temperature : {0.0, 1.0}) {
    settings.temperature = temperature;
    Row row = {1, std::numeric_limits<float>::quiet_NaN()};
    CHECK(Sampler(settings, 2, {}).sample(row.data()) == -1);
  }
}

TEST_CASE("uniform numbers stay below one") {
  Random random(0);
  for (int i = 0; i < 10000; i++) {
    double u = random.uniform();
    CHECK((u >= 0 && u < 1));
  }
}
