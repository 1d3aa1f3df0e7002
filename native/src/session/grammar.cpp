#include "grammar.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../kernels/row.h"
#include "backend.h"
#include "failure.h"
#include "llama.h"
#include "vocabulary.h"

namespace unshift {

bool Utf8::take(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [this](char byte) { return take(static_cast<unsigned char>(byte)); });
}

bool Utf8::take(unsigned char byte) {
  if (left_ > 0) {
    if (byte < low_ || byte > high_) return false;
    left_--;
    low_ = 0x80;
    high_ = 0xBF;
    return true;
  }
  if (byte < 0x80) return byte != 0;
  if (byte < 0xC2 || byte > 0xF4) return false;
  left_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  // No overlong forms, no surrogates, nothing above U+10FFFF.
  if (byte == 0xE0) low_ = 0xA0;
  if (byte == 0xED) high_ = 0x9F;
  if (byte == 0xF0) low_ = 0x90;
  if (byte == 0xF4) high_ = 0x8F;
  return true;
}

void Grammar::Free::operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }

Grammar::Grammar(const Vocabulary& vocabulary, const std::string& text, const std::vector<int32_t>& ends)
    : vocabulary_(vocabulary), ends_(vocabulary.end_of_generation()) {
  if (ends_.empty()) {
    // llama.cpp tells where a grammar may end by letting the vocabulary's own ending ids through.
    throw Failure("GRAMMAR_UNSUPPORTED", "The vocabulary has no id that ends a generation, so a grammar's end cannot be told.");
  }
  ends_.insert(ends_.end(), ends.begin(), ends.end());
  std::sort(ends_.begin(), ends_.end());
  LogScope log(nullptr);
  AssertionScope assertions;
  std::string words;
  try {
    if (text.find('\0') == std::string::npos) sampler_.reset(llama_sampler_init_grammar(vocabulary.get(), text.c_str(), "root"));
    else words = "it holds a NUL";
  } catch (const std::exception& error) {
    words = error.what();
  }
  if (sampler_) return;
  if (words.empty()) words = log.problems();
  throw Failure("GRAMMAR_UNSUPPORTED", "llama.cpp does not take the grammar: " + (words.empty() ? "it gives no reason" : words) + ".", {{"words", words}});
}

void Grammar::check(const int32_t* ids, size_t n) {
  std::vector<llama_token_data> candidates;
  candidates.reserve(n);
  allowed_.assign(n, false);
  std::vector<size_t> origins;
  origins.reserve(n);
  // Whether the grammar may end is one question for all ids that end: asked through an id llama.cpp knows as such.
  bool asks_end = false;
  for (size_t i = 0; i < n; i++) {
    if (std::binary_search(ends_.begin(), ends_.end(), ids[i])) {
      asks_end = true;
      continue;
    }
    TokenKind kind = vocabulary_.kind(ids[i]);
    std::string_view bytes = vocabulary_.bytes(ids[i]);
    Utf8 after = utf8_;
    if (kind == TokenKind::control || kind == TokenKind::unknown || bytes.empty() || !after.take(bytes)) continue;
    origins.push_back(i);
    candidates.push_back({ids[i], 0, 0});
  }
  if (asks_end) candidates.push_back({vocabulary_.end_of_generation().front(), 0, 0});
  if (candidates.empty()) return;
  AssertionScope assertions;
  llama_token_data_array array = {candidates.data(), candidates.size(), -1, false};
  llama_sampler_apply(sampler_.get(), &array);
  for (size_t i = 0; i < origins.size(); i++) allowed_[origins[i]] = candidates[i].logit == 0;
  if (!asks_end || candidates.back().logit != 0 || !utf8_.whole()) return;
  for (size_t i = 0; i < n; i++) {
    if (std::binary_search(ends_.begin(), ends_.end(), ids[i])) allowed_[i] = true;
  }
}

void Grammar::check_all() {
  std::vector<int32_t> ids(static_cast<size_t>(vocabulary_.size()));
  std::iota(ids.begin(), ids.end(), 0);
  check(ids.data(), ids.size());
}

bool Grammar::allows(int32_t id) {
  check(&id, 1);
  return allowed_[0];
}

int32_t Grammar::best(const float* row) {
  auto v = static_cast<size_t>(vocabulary_.size());
  // Mostly one of the best few is allowed; the whole vocabulary is looked at only where none of them was.
  std::vector<int32_t> ids(std::min<size_t>(64, v));
  std::vector<double> logprobs(ids.size());
  kernels::top_k(row, v, 0, static_cast<int32_t>(ids.size()), ids.data(), logprobs.data());
  check(ids.data(), ids.size());
  for (size_t i = 0; i < ids.size() && std::isfinite(row[ids[i]]); i++) {
    if (allowed_[i]) return ids[i];
  }
  check_all();
  int32_t best = -1;
  for (size_t id = 0; id < v; id++) {
    if (allowed_[id] && std::isfinite(row[id]) && (best < 0 || row[id] > row[best])) best = static_cast<int32_t>(id);
  }
  return best;
}

bool Grammar::mask(float* row) {
  check_all();
  bool left = false;
  for (size_t id = 0; id < allowed_.size(); id++) {
    if (!allowed_[id]) row[id] = -INFINITY;
    left |= std::isfinite(row[id]);
  }
  return left;
}

void Grammar::accept(int32_t id) {
  utf8_.take(vocabulary_.bytes(id));
  AssertionScope assertions;
  llama_sampler_accept(sampler_.get(), id);
}

}  // namespace unshift
