/**
 * Finds stop strings in text that grows token by token; on bytes, so a match may span tokens and UTF-8 sequences.
 *
 * The match that ends first counts; of several that end at one byte, the longest. How the text was split into tokens does not
 * show: a match is decided by the bytes up to its end alone.
 */
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace unshift {

/**
 * Code blocks of an answer that stands between back-tick fences itself, read by lines. A line of three or more back-ticks and a
 * language opens a block when none is open; a line of back-ticks alone, at least as many, closes it. The block reaches from the
 * newline behind its opening line to the newline behind its closing line, so neither fence of it is part of a stop string, and
 * the newline behind it may begin one.
 */
class CodeBlocks {
 public:
  /** Takes the line [begin, newline) of `text`, whose newline has just come. */
  void line(const std::string& text, size_t begin, size_t newline);

  bool open() const { return fence_ > 0; }
  /** Whether byte `at` lies within a block. All lines that end at or before it must have been taken. */
  bool holds(size_t at) const;
  /** Whether the answer's first line was a fence without a language: nobody opened a block, so the answer ends there. */
  bool began_with_bare_fence() const { return bare_; }

 private:
  size_t fence_ = 0;  // back-ticks of the open block, 0 when none is open
  bool bare_ = false;
  std::vector<size_t> edges_;  // newlines at which blocks begin and end, in turn
};

class StopMatcher {
 public:
  /** `always` count within code blocks too. Without `code_blocks` no line opens one. */
  explicit StopMatcher(std::vector<std::string> stops, std::vector<std::string> always = {}, bool code_blocks = false);

  /** Call after `text` grew from `before` bytes. True at the first match. */
  bool match(const std::string& text, size_t before);

  size_t begin() const { return begin_; }
  /** The string that matched; for a fence that ends the answer in its first line, that line. */
  const std::string& stop() const { return stop_; }
  bool in_block() const { return blocks_.open(); }

 private:
  bool ends_here(const std::string& text, size_t end);

  std::vector<std::string> stops_, always_;
  bool code_blocks_;
  CodeBlocks blocks_;
  size_t line_begin_ = 0, begin_ = 0;
  std::string stop_;
};

/** How many tokens end at or before byte `begin`; token i ends at `token_ends[i]`. */
size_t tokens_before(const std::vector<size_t>& token_ends, size_t begin);

}  // namespace unshift
