#include <doctest/doctest.h>

#include <string>

#include "kernels/sha256.h"

using unshift::kernels::Sha256;

namespace {

std::string digest(const std::string& text, size_t piece = SIZE_MAX) {
  Sha256 hash;
  for (size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at)) hash.update(text.data() + at, std::min(piece, text.size() - at));
  return hash.finish();
}

}  // namespace

TEST_CASE("vectors of FIPS 180-4") {
  bool plain = false;
  SUBCASE("with the processor's instructions") {}
  SUBCASE("without") { plain = true; }
  unshift::kernels::sha256_without_instructions(plain);
  CHECK(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(digest(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("pieces of any size give the same digest") {
  for (size_t n : {0u, 1u, 55u, 56u, 57u, 63u, 64u, 65u, 119u, 120u, 127u, 128u, 1000u}) {
    std::string text;
    for (size_t i = 0; i < n; i++) text += static_cast<char>(i * 131 + 7);
    for (size_t piece : {1u, 3u, 63u, 64u, 65u, 200u}) CHECK(digest(text, piece) == digest(text));
  }
}
