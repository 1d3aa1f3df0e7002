#include "vocabulary.h"

#include <algorithm>
#include <climits>

#include "../kernels/sha256.h"
#include "backend.h"
#include "failure.h"
#include "llama.h"

namespace unshift {
namespace {

std::string type_name(enum llama_vocab_type type) {
  switch (type) {
    case LLAMA_VOCAB_TYPE_SPM: return "spm";
    case LLAMA_VOCAB_TYPE_BPE: return "bpe";
    case LLAMA_VOCAB_TYPE_WPM: return "wpm";
    case LLAMA_VOCAB_TYPE_UGM: return "ugm";
    case LLAMA_VOCAB_TYPE_RWKV: return "rwkv";
    case LLAMA_VOCAB_TYPE_PLAMO2: return "plamo2";
    default: return "none";
  }
}

TokenKind kind_of(enum llama_token_attr attribute) {
  if (attribute & LLAMA_TOKEN_ATTR_UNKNOWN) return TokenKind::unknown;
  if (attribute & LLAMA_TOKEN_ATTR_CONTROL) return TokenKind::control;
  if (attribute & LLAMA_TOKEN_ATTR_BYTE) return TokenKind::byte;
  if (attribute & LLAMA_TOKEN_ATTR_USER_DEFINED) return TokenKind::user;
  if (attribute & LLAMA_TOKEN_ATTR_UNUSED) return TokenKind::unused;
  return TokenKind::normal;
}

std::string piece_of(const llama_vocab* vocab, int32_t id) {
  char small[64];
  int32_t length = llama_token_to_piece(vocab, id, small, sizeof small, 0, true);
  if (length >= 0) return std::string(small, static_cast<size_t>(length));
  std::string piece(static_cast<size_t>(-length), '\0');
  length = llama_token_to_piece(vocab, id, piece.data(), -length, 0, true);
  piece.resize(static_cast<size_t>(std::max(length, 0)));
  return piece;
}

/** Length of the UTF-8 character at `at`; 1 for a stray byte. */
size_t character_length(const std::string& text, size_t at) {
  unsigned char lead = static_cast<unsigned char>(text[at]);
  size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 1;
  return std::min(length, text.size() - at);
}

}  // namespace

const char* token_kind_name(TokenKind kind) {
  static const char* names[] = {"normal", "unknown", "control", "user", "unused", "byte"};
  return names[static_cast<int>(kind)];
}

const char* relation_name(VocabularyRelation relation) {
  static const char* names[] = {"identical", "reference-extends", "subject-extends", "different"};
  return names[static_cast<int>(relation)];
}

Vocabulary::Vocabulary(const llama_model* model) : vocab_(llama_model_get_vocab(model)) {
  auto type = llama_vocab_type(vocab_);
  type_ = type_name(type);
  int32_t n = llama_vocab_n_tokens(vocab_);
  kinds_.reserve(static_cast<size_t>(n));
  starts_.reserve(static_cast<size_t>(n) + 1);
  starts_.push_back(0);
  kernels::Sha256 hash;
  for (int32_t id = 0; id < n; id++) {
    std::string piece;
    TokenKind kind = TokenKind::normal;
    if (type != LLAMA_VOCAB_TYPE_NONE) {
      kind = kind_of(llama_vocab_get_attr(vocab_, id));
      try {
        piece = piece_of(vocab_, id);
      } catch (const std::exception&) {
        piece = llama_vocab_get_text(vocab_, id);  // a spelling the byte table does not know
      }
    }
    unsigned char head[5] = {static_cast<unsigned char>(kind)};
    for (int i = 0; i < 4; i++) head[1 + i] = static_cast<unsigned char>(piece.size() >> (8 * i));
    hash.update(head, sizeof head);
    hash.update(piece.data(), piece.size());
    pieces_ += piece;
    starts_.push_back(pieces_.size());
    kinds_.push_back(kind);
    if (kind == TokenKind::unknown && unknown_ < 0) unknown_ = id;
    if (type != LLAMA_VOCAB_TYPE_NONE && llama_vocab_is_eog(vocab_, id)) end_of_generation_.push_back(id);
  }
  hash_ = hash.finish();
  bos_ = llama_vocab_bos(vocab_);
  eos_ = llama_vocab_eos(vocab_);
  eot_ = llama_vocab_eot(vocab_);
  newline_ = llama_vocab_nl(vocab_);
  add_bos_ = llama_vocab_get_add_bos(vocab_);
  add_eos_ = llama_vocab_get_add_eos(vocab_);
  separator_ = llama_vocab_sep(vocab_);
  add_separator_ = llama_vocab_get_add_sep(vocab_);
  // llama.cpp gives LLaMA's ids to vocabularies that have no such token.
  for (int32_t* id : {&bos_, &eos_, &eot_, &newline_, &separator_}) {
    if (!holds(*id)) *id = -1;
  }
}

bool Vocabulary::ends_generation(int32_t id) const {
  return std::binary_search(end_of_generation_.begin(), end_of_generation_.end(), id);
}

std::string_view Vocabulary::bytes(int32_t id) const {
  size_t i = static_cast<size_t>(id);
  return std::string_view(pieces_).substr(starts_[i], starts_[i + 1] - starts_[i]);
}

std::vector<int32_t> Vocabulary::tokenize(const std::string& text, bool parse_special, bool framed) const {
  std::vector<int32_t> ids(text.size() + 16);
  auto length = static_cast<int32_t>(text.size());
  int32_t n = llama_tokenize(vocab_, text.data(), length, ids.data(), static_cast<int32_t>(ids.size()), framed, parse_special);
  if (n < 0 && n != INT32_MIN) {
    ids.resize(static_cast<size_t>(-n));
    n = llama_tokenize(vocab_, text.data(), length, ids.data(), static_cast<int32_t>(ids.size()), framed, parse_special);
  }
  if (n < 0) throw Failure("NATIVE_INVALID_ARGUMENT", "text: too long to tokenise.", {{"argument", "text"}});
  ids.resize(static_cast<size_t>(n));
  return ids;
}

std::vector<int32_t> Vocabulary::checked(const std::string& text, bool parse_special, bool framed) const {
  AssertionScope assertions;
  if (type_ == "none" && !text.empty()) {
    throw Failure("NATIVE_INVALID_ARGUMENT", "text: this model has no tokenizer; give ids.", {{"argument", "text"}});
  }
  if (text.size() > INT32_MAX / 2) throw Failure("NATIVE_INVALID_ARGUMENT", "text: too long to tokenise.", {{"argument", "text"}});
  try {
    return tokenize(text, parse_special, framed);
  } catch (const std::exception&) {
    // llama.cpp looks a byte token up that the vocabulary lacks. Find the character for the message.
    for (size_t at = 0; at < text.size(); at += character_length(text, at)) {
      std::string character = text.substr(at, character_length(text, at));
      try {
        tokenize(character, false, false);
      } catch (const std::exception&) {
        throw Failure("TOKENIZE_UNKNOWN_CHARACTER",
                      "The vocabulary has no token for \"" + character + "\" (byte " + std::to_string(at) + " of the text) and no byte tokens to spell it.",
                      {{"character", character}, {"byteOffset", static_cast<double>(at)}});
      }
    }
    throw Failure("TOKENIZE_UNKNOWN_CHARACTER", "The vocabulary cannot spell this text.", {{"character", ""}, {"byteOffset", 0.0}});
  }
}

std::vector<int32_t> Vocabulary::encode_framed(const std::string& text) const { return checked(text, false, true); }

std::vector<int32_t> Vocabulary::encode(const std::string& text, bool add_bos, bool parse_special) const {
  std::vector<int32_t> ids = checked(text, parse_special, false);
  if (add_bos && bos_ >= 0) {
    size_t spelled = 0;
    while (spelled < ids.size() && ids[spelled] == bos_) spelled++;
    ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(spelled));
    ids.insert(ids.begin(), bos_);
  }
  return ids;
}

std::string Vocabulary::decode(const int32_t* ids, size_t n, bool special) const {
  std::string text;
  for (size_t i = 0; i < n; i++) {
    if (!special && (kind(ids[i]) == TokenKind::control || kind(ids[i]) == TokenKind::unknown)) continue;
    text += bytes(ids[i]);
  }
  return text;
}

VocabularyComparison compare_vocabularies(const Vocabulary& reference, const Vocabulary& subject) {
  VocabularyComparison result;
  int32_t shared = std::min(reference.size(), subject.size());
  result.common_size = shared;
  if (reference.size() == subject.size() && reference.hash() == subject.hash()) return result;
  for (int32_t id = 0; id < shared; id++) {
    if (reference.kind(id) == subject.kind(id) && reference.bytes(id) == subject.bytes(id)) continue;
    result.relation = VocabularyRelation::different;
    result.common_size = result.first_difference = id;
    result.reference_token = std::string(reference.bytes(id));
    result.subject_token = std::string(subject.bytes(id));
    return result;
  }
  if (reference.size() == subject.size()) return result;
  bool reference_longer = reference.size() > subject.size();
  result.relation = reference_longer ? VocabularyRelation::reference_extends : VocabularyRelation::subject_extends;
  result.first_difference = shared;
  (reference_longer ? result.reference_token : result.subject_token) = std::string((reference_longer ? reference : subject).bytes(shared));
  return result;
}

}  // namespace unshift
