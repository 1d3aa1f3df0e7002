#include <doctest/doctest.h>

#include "session/stop.h"

using unshift::StopMatcher;
using unshift::tokens_before;

namespace {

/** Feeds pieces one by one; returns the index of the piece that completed a stop, or −1. */
int feed(StopMatcher& stops, const std::vector<std::string>& pieces) {
  std::string text;
  for (size_t i = 0; i < pieces.size(); i++) {
    size_t before = text.size();
    text += pieces[i];
    if (stops.match(text, before)) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

TEST_CASE("a stop string over several tokens") {
  StopMatcher stops({"\n# User"});
  CHECK(feed(stops, {"Hello", "\n", "#", " ", "Us", "er", ":"}) == 5);
  CHECK(stops.begin() == 5);
  CHECK(stops.stop() == "\n# User");
}

TEST_CASE("what only looks like a stop string goes on") {
  StopMatcher stops({"\n# User"});
  CHECK(feed(stops, {"a\n", "# Us", "age: ", "x"}) == -1);
  StopMatcher again({"aab"});
  CHECK(feed(again, {"a", "a", "a", "b"}) == 3);
  CHECK(again.begin() == 1);
}

TEST_CASE("bytes of one character in two tokens") {
  StopMatcher stops({"\xe2\x98\x83"});
  CHECK(feed(stops, {"x\xe2", "\x98", "\x83y"}) == 2);
  CHECK(stops.begin() == 1);
}

TEST_CASE("the earliest of several, then the longest") {
  StopMatcher stops({"cd", "bc", "bcd"});
  CHECK(feed(stops, {"a", "bcd"}) == 1);
  CHECK(stops.begin() == 1);
  CHECK(stops.stop() == "bcd");
}

TEST_CASE("no stops") {
  StopMatcher stops({});
  CHECK(feed(stops, {"a", "b"}) == -1);
}

TEST_CASE("tokens that end before a byte") {
  CHECK(tokens_before({5, 6, 7}, 5) == 1);
  CHECK(tokens_before({5, 6, 7}, 4) == 0);
  CHECK(tokens_before({5, 5, 7}, 5) == 2);  // an empty piece belongs to the answer
  CHECK(tokens_before({}, 0) == 0);
}
