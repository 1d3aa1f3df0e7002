#include "stop.h"

#include <algorithm>

namespace unshift {

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {
  for (const std::string& stop : stops_) longest_ = std::max(longest_, stop.size());
}

bool StopMatcher::match(const std::string& text, size_t before) {
  if (longest_ == 0) return false;
  // Anything that ended earlier was found earlier: a match must reach into the new bytes.
  size_t from = before >= longest_ - 1 ? before - (longest_ - 1) : 0;
  bool found = false;
  for (size_t i = 0; i < stops_.size(); i++) {
    size_t at = text.find(stops_[i], from);
    if (at == std::string::npos) continue;
    if (!found || at < begin_ || (at == begin_ && stops_[i].size() > stops_[which_].size())) {
      begin_ = at;
      which_ = i;
      found = true;
    }
  }
  return found;
}

size_t tokens_before(const std::vector<size_t>& token_ends, size_t begin) {
  return static_cast<size_t>(std::upper_bound(token_ends.begin(), token_ends.end(), begin) - token_ends.begin());
}

}  // namespace unshift
