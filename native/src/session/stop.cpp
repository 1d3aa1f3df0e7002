#include "stop.h"

#include <algorithm>

namespace unshift {

void CodeBlocks::line(const std::string& text, size_t begin, size_t newline) {
  size_t rest = begin;
  while (rest < newline && text[rest] == '`') rest++;
  size_t ticks = rest - begin;
  bool blank = true, ticks_behind = false;
  for (size_t i = rest; i < newline; i++) {
    blank &= text[i] == ' ' || text[i] == '\t' || text[i] == '\r';
    ticks_behind |= text[i] == '`';
  }
  if (fence_ > 0) {
    if (ticks < fence_ || !blank) return;
    fence_ = 0;
    edges_.push_back(newline);
  } else if (ticks >= 3 && blank) {
    bare_ |= begin == 0;
  } else if (ticks >= 3 && !ticks_behind) {  // more back-ticks: code within a line (```x```), as in CommonMark
    fence_ = ticks;
    edges_.push_back(newline);
  }
}

bool CodeBlocks::holds(size_t at) const {
  auto passed = std::upper_bound(edges_.begin(), edges_.end(), at) - edges_.begin();
  return passed % 2 == 1;
}

StopMatcher::StopMatcher(std::vector<std::string> stops, std::vector<std::string> always, bool code_blocks)
    : stops_(std::move(stops)), always_(std::move(always)), code_blocks_(code_blocks) {}

bool StopMatcher::ends_here(const std::string& text, size_t end) {
  bool found = false;
  auto consider = [&](const std::string& stop, bool within_blocks) {
    if (stop.size() > end || text.compare(end - stop.size(), stop.size(), stop) != 0) return;
    if (found && stop.size() <= stop_.size()) return;
    if (!within_blocks && blocks_.holds(end - stop.size())) return;
    found = true;
    begin_ = end - stop.size();
    stop_ = stop;
  };
  for (const std::string& stop : stops_) consider(stop, false);
  for (const std::string& stop : always_) consider(stop, true);
  return found;
}

bool StopMatcher::match(const std::string& text, size_t before) {
  if (stops_.empty() && always_.empty() && !code_blocks_) return false;
  for (size_t i = before; i < text.size(); i++) {
    if (code_blocks_ && text[i] == '\n') {
      blocks_.line(text, line_begin_, i);
      line_begin_ = i + 1;
      if (blocks_.began_with_bare_fence()) {
        begin_ = 0;
        stop_ = text.substr(0, i + 1);
        return true;
      }
    }
    if (ends_here(text, i + 1)) return true;
  }
  return false;
}

size_t tokens_before(const std::vector<size_t>& token_ends, size_t begin) {
  return static_cast<size_t>(std::upper_bound(token_ends.begin(), token_ends.end(), begin) - token_ends.begin());
}

}  // namespace unshift
