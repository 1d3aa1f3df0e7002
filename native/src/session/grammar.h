/**
 * Holds one generation to a GBNF grammar: which ids may come next, through llama.cpp's grammar sampler.
 *
 * Beyond what llama.cpp asks, the bytes must stay a beginning of well-formed UTF-8 (it lets overlong sequences pass), and a control
 * token is no text: of those only ids that end the generation are allowed, and only where the grammar may end.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct llama_sampler;

namespace unshift {

class Vocabulary;

/** Well-formed UTF-8, byte by byte (Unicode 15, table 3-7). */
class Utf8 {
 public:
  /** False where `bytes` cannot follow, or hold a NUL; the state is then undefined. */
  bool take(std::string_view bytes);
  /** Between characters. */
  bool whole() const { return left_ == 0; }

 private:
  bool take(unsigned char byte);

  int left_ = 0;                            // bytes the character lacks
  unsigned char low_ = 0x80, high_ = 0xBF;  // of the next one
};

class Grammar {
 public:
  /**
   * `text` holds the rules, `root` the first of them; `ends` are ids that end the generation besides the vocabulary's own. Throws
   * GRAMMAR_UNSUPPORTED where llama.cpp does not take the text, or where the vocabulary has no ending id.
   */
  Grammar(const Vocabulary& vocabulary, const std::string& text, const std::vector<int32_t>& ends);

  bool allows(int32_t id);
  /** The allowed id with the largest logit of `row` [v], the smaller id of equals; −1 where none is allowed. */
  int32_t best(const float* row);
  /** Puts −∞ at every id of `row` [v] that is not allowed. Whether one is left. */
  bool mask(float* row);
  /** Goes on behind `id`, which must be allowed and not an ending one. */
  void accept(int32_t id);

 private:
  struct Free {
    void operator()(llama_sampler* sampler) const;
  };
  /** Marks in `allowed_` which of `ids` are allowed, index by index. */
  void check(const int32_t* ids, size_t n);
  /** The same for the whole vocabulary. */
  void check_all();

  const Vocabulary& vocabulary_;
  std::vector<int32_t> ends_;  // sorted, the vocabulary's own included
  std::unique_ptr<llama_sampler, Free> sampler_;
  Utf8 utf8_;
  std::vector<bool> allowed_;
};

}  // namespace unshift
