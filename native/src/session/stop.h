/** Finds stop strings in text that grows token by token; on bytes, so a match may span tokens and UTF-8 sequences. */
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace unshift {

class StopMatcher {
 public:
  explicit StopMatcher(std::vector<std::string> stops);

  /** Call after `text` grew from `before` bytes. True at the first match; the earliest one, the longest of several there. */
  bool match(const std::string& text, size_t before);

  size_t begin() const { return begin_; }
  const std::string& stop() const { return stops_[which_]; }

 private:
  std::vector<std::string> stops_;
  size_t longest_ = 0, begin_ = 0, which_ = 0;
};

/** How many tokens end at or before byte `begin`; token i ends at `token_ends[i]`. */
size_t tokens_before(const std::vector<size_t>& token_ends, size_t begin);

}  // namespace unshift
