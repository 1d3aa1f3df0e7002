#include <doctest/doctest.h>

#include <cstddef>

#include "session/grid.h"

using unshift::block_rows;
using unshift::chunk_ends;
using Ends = std::vector<int32_t>;

TEST_CASE("cuts follow from the item alone") {
  CHECK(chunk_ends(0, 0, 0, {4, 4}) == Ends{});
  CHECK(chunk_ends(10, 0, 10, {4, 4}) == Ends{4, 8, 10});
  CHECK(chunk_ends(10, 5, 10, {4, 4}) == Ends{4, 5, 9, 10});
  CHECK(chunk_ends(12, 8, 12, {4, 4}) == Ends{4, 8, 12});
  CHECK(chunk_ends(10, 0, 6, {4, 2}) == Ends{4, 6, 8, 10});
  CHECK(chunk_ends(10, 3, 6, {100, 100}) == Ends{3, 6, 10});
  CHECK(chunk_ends(5, 0, 0, {4, 4}) == Ends{4, 5});
}

TEST_CASE("a prefix beyond the first wanted row is cut at that row") {
  CHECK(chunk_ends(10, 9, 6, {4, 4}) == Ends{4, 6, 10});
}

TEST_CASE("cuts are rising, end at n and items with one prefix share its cuts") {
  for (int32_t n = 1; n < 60; n++) {
    for (int32_t prefix = 0; prefix <= n; prefix += 3) {
      for (int32_t scored = prefix; scored <= n; scored += 5) {
        Ends ends = chunk_ends(n, prefix, scored, {7, 3});
        REQUIRE(ends.back() == n);
        for (size_t i = 1; i < ends.size(); i++) REQUIRE(ends[i] > ends[i - 1]);
        Ends longer = chunk_ends(n + 11, prefix, scored + 4, {7, 3});
        for (size_t i = 0; i < ends.size() && ends[i] <= prefix; i++) REQUIRE(ends[i] == longer[i]);
      }
    }
  }
}

TEST_CASE("rows of a block") {
  CHECK(block_rows(512, 256.0 * 1024 * 1024, 2, 151936) == 220);
  CHECK(block_rows(512, 256.0 * 1024 * 1024, 2, 1000) == 512);
  CHECK(block_rows(512, 1, 2, 151936) == 1);
}
