#include <doctest/doctest.h>

#include <algorithm>
#include <random>

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

TEST_CASE("the one that ends first, then the longest, whatever the pieces") {
  for (const std::vector<std::string>& pieces : {std::vector<std::string>{"a", "bcd"}, {"abcd"}, {"a", "b", "c", "d"}}) {
    StopMatcher first({"cd", "bc", "bcd"});
    CHECK(feed(first, pieces) >= 0);
    CHECK(first.begin() == 1);
    CHECK(first.stop() == "bc");
    StopMatcher longest({"d", "cd", "abcd", "bcd"});
    CHECK(feed(longest, pieces) >= 0);
    CHECK(longest.begin() == 0);
    CHECK(longest.stop() == "abcd");
  }
}

namespace {

const std::vector<std::string> kFenced = {"\n```\n", "\n# Query:", "\n# User:"};
const std::vector<std::string> kAlways = {"\n# Query:\n```"};

/** The answer that is cut out of `text`, all of it in one piece; "<none>" where nothing stops it. */
std::string answer(const std::string& text) {
  StopMatcher stops(kFenced, kAlways, true);
  return stops.match(text, 0) ? text.substr(0, stops.begin()) : "<none>";
}

}  // namespace

TEST_CASE("a code block of the answer is a part of it") {
  CHECK(answer("Like this:\n```python\nprint()\n```\nDone.\n```\n") == "Like this:\n```python\nprint()\n```\nDone.");
  CHECK(answer("```python\nprint()\n```\n```\n") == "```python\nprint()\n```");
  CHECK(answer("a\n```c\n```\n\n```\n") == "a\n```c\n```\n");             // an empty block
  CHECK(answer("a\n```c\nx\n```  \n```\n") == "a\n```c\nx\n```  ");        // trailing spaces
  CHECK(answer("a\n```` md\n```\nx\n`````\n```\n") == "a\n```` md\n```\nx\n`````");  // three do not close four, five do
  CHECK(answer("a\n```c\nx\n```\n```js\ny\n```\n```\n") == "a\n```c\nx\n```\n```js\ny\n```");
  CHECK(answer("a\n```c\n# Query: is a comment\n\n# User: too\n```\n```\n") == "a\n```c\n# Query: is a comment\n\n# User: too\n```");
  CHECK(answer("a\n```c\r\nx\r\n```\r\n\n```\n") == "a\n```c\r\nx\r\n```\r\n");
}

TEST_CASE("a block that never ends") {
  CHECK(answer("a\n```c\nx\n\n# Query:\n```\nnext") == "a\n```c\nx\n");
  CHECK(answer("a\n```c\nx\n\n# Query: y\n") == "<none>");
  StopMatcher stops(kFenced, kAlways, true);
  CHECK(feed(stops, {"a\n```c\nx"}) == -1);
  CHECK(stops.in_block());
}

TEST_CASE("outside of a block stop strings work as ever") {
  CHECK(answer("Hello.\n```\n") == "Hello.");
  CHECK(answer("Hello.\n\n# Query:\nmore") == "Hello.\n");
  CHECK(answer("Use ```x``` here\n```\n") == "Use ```x``` here");
  CHECK(answer("```x``` is code in a line\n```\n") == "```x``` is code in a line");  // opens nothing
  CHECK(answer("``sh\n```\n") == "``sh");
  CHECK(answer(" ```sh\n```\n") == " ```sh");  // indented: not at the line's beginning
  StopMatcher plain(kFenced);
  CHECK(feed(plain, {"a\n```c\nx\n```", "\n"}) == 1);
  CHECK(plain.begin() == 8);
  CHECK(!plain.in_block());
}

TEST_CASE("a bare fence in the first line is the prompt's own") {
  CHECK(answer("```\n") == "");
  CHECK(answer("``` \nx") == "");
  CHECK(answer("\n```\n") == "");
  CHECK(answer("```") == "<none>");
  StopMatcher stops(kFenced, kAlways, true);
  CHECK(feed(stops, {"`", "``", "\nmore"}) == 2);
  CHECK(stops.begin() == 0);
  CHECK(stops.stop() == "```\n");
}

namespace {

/** The first match by the definition: every end in turn, the lines before it read from scratch. */
bool slow_match(const std::string& text, size_t* begin, std::string* stop) {
  for (size_t end = 1; end <= text.size(); end++) {
    std::string seen = text.substr(0, end);
    std::vector<bool> inside(end, false);
    size_t fence = 0, line = 0;
    for (size_t i = 0; i < end; i++) {
      if (seen[i] == '\n') {
        std::string whole = seen.substr(line, i - line);
        size_t ticks = std::min(whole.find_first_not_of('`'), whole.size());
        std::string rest = whole.substr(ticks);
        bool blank = rest.find_first_not_of(' ') == std::string::npos;
        if (fence == 0 && ticks >= 3 && blank && line == 0 && i + 1 == end) {
          *begin = 0;
          *stop = seen;
          return true;
        }
        if (fence > 0 && ticks >= fence && blank) fence = 0;
        else if (fence == 0 && ticks >= 3 && !blank && rest.find('`') == std::string::npos) fence = ticks;
        line = i + 1;
      }
      inside[i] = fence > 0;
    }
    bool found = false;
    for (size_t from = 0; from < end && !found; from++) {
      std::string tail = seen.substr(from);
      bool always = std::find(kAlways.begin(), kAlways.end(), tail) != kAlways.end();
      bool plain = std::find(kFenced.begin(), kFenced.end(), tail) != kFenced.end();
      if (!always && (!plain || inside[from])) continue;
      *begin = from;
      *stop = tail;
      found = true;
    }
    if (found) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("how a text is split into tokens changes no cut; the cut is the definition's") {
  const std::vector<std::string> parts = {"`", "```", "````", "\n", "\n", " ", "x", "py", "\xe2\x98\x83", "# Query:", "```py\n", "\n```\n", "\n# User:", "\n# Query:\n```"};
  std::mt19937 random(11);
  auto pick = [&](size_t n) { return static_cast<size_t>(random() % n); };
  int stopped = 0, in_blocks = 0;
  for (int round = 0; round < 3000; round++) {
    std::string text;
    for (size_t i = 0, n = 1 + pick(14); i < n; i++) text += parts[pick(parts.size())];
    CAPTURE(text);
    size_t begin = 0;
    std::string stop;
    bool expected = slow_match(text, &begin, &stop);
    stopped += expected;
    in_blocks += expected && text.substr(0, begin).find("```py\n") != std::string::npos;
    for (int split = 0; split < 4; split++) {
      StopMatcher stops(kFenced, kAlways, true);
      std::string grown;
      bool found = false;
      while (!found && grown.size() < text.size()) {
        size_t before = grown.size(), most = split == 0 ? 1 : split == 1 ? text.size() : 1 + pick(7);
        grown += text.substr(before, most);
        found = stops.match(grown, before);
      }
      REQUIRE(found == expected);
      if (!found) continue;
      CHECK(stops.begin() == begin);
      CHECK(stops.stop() == stop);
    }
  }
  CHECK(stopped > 500);  // or nothing was tested
  CHECK(in_blocks > 50);
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
