/** A model's vocabulary: bytes and kind of every id, text to ids and back, comparison by content. */
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct llama_model;
struct llama_vocab;

namespace unshift {

enum class TokenKind : uint8_t { normal, unknown, control, user, unused, byte };

const char* token_kind_name(TokenKind kind);

enum class VocabularyRelation { identical, reference_extends, subject_extends, different };

const char* relation_name(VocabularyRelation relation);

class Vocabulary;

struct VocabularyComparison {
  VocabularyRelation relation = VocabularyRelation::identical;
  int32_t common_size = 0;        // ids below this mean the same in both
  int32_t first_difference = -1;  // −1 where no id differs
  std::string reference_token, subject_token;
};

VocabularyComparison compare_vocabularies(const Vocabulary& reference, const Vocabulary& subject);

class Vocabulary {
 public:
  explicit Vocabulary(const llama_model* model);

  const llama_vocab* get() const { return vocab_; }
  int32_t size() const { return static_cast<int32_t>(kinds_.size()); }
  const std::string& type() const { return type_; }
  int32_t bos() const { return bos_; }
  int32_t eos() const { return eos_; }
  int32_t eot() const { return eot_; }
  int32_t unknown() const { return unknown_; }
  int32_t newline() const { return newline_; }
  int32_t separator() const { return separator_; }
  bool add_bos() const { return add_bos_; }
  bool add_eos() const { return add_eos_; }
  bool add_separator() const { return add_separator_; }
  const std::vector<int32_t>& end_of_generation() const { return end_of_generation_; }
  bool ends_generation(int32_t id) const;
  /** sha256 over kind, length and bytes of every id in order. */
  const std::string& hash() const { return hash_; }

  bool holds(int32_t id) const { return id >= 0 && id < size(); }
  /** The bytes an id stands for; control tokens give their spelling. */
  std::string_view bytes(int32_t id) const;
  TokenKind kind(int32_t id) const { return kinds_[static_cast<size_t>(id)]; }

  /** Throws TOKENIZE_UNKNOWN_CHARACTER where llama.cpp has neither a token nor byte tokens (WordPiece gives its unknown token). */
  std::vector<int32_t> encode(const std::string& text, bool add_bos, bool parse_special) const;
  /** What the file wants around a text by itself too: BOS or [CLS] in front, EOS or [SEP] behind. Otherwise as encode(). */
  std::vector<int32_t> encode_framed(const std::string& text) const;
  /** Bytes of the ids one after another; control tokens only with `special`. */
  std::string decode(const int32_t* ids, size_t n, bool special) const;

 private:
  std::vector<int32_t> tokenize(const std::string& text, bool parse_special, bool framed) const;
  std::vector<int32_t> checked(const std::string& text, bool parse_special, bool framed) const;

  const llama_vocab* vocab_;
  std::string type_, hash_, pieces_;
  std::vector<size_t> starts_;  // [size + 1] into pieces_
  std::vector<TokenKind> kinds_;
  std::vector<int32_t> end_of_generation_;
  int32_t bos_, eos_, eot_, unknown_ = -1, newline_, separator_;
  bool add_bos_, add_eos_, add_separator_;
};

}  // namespace unshift
