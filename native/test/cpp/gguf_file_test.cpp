#include <doctest/doctest.h>

#include <cstring>
#include <fstream>

#include "session/failure.h"
#include "session/gguf_file.h"
#include "session/model.h"
#include "tiny_model.h"

using namespace unshift;

namespace {

using Bytes = std::vector<char>;

Bytes read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

void write(const std::string& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/** The code check_gguf_file() throws, or "" where it accepts. */
std::string code_of(const std::string& path) {
  try {
    check_gguf_file(path);
    return "";
  } catch (const Failure& failure) {
    CHECK(std::strlen(failure.what()) > 10);
    return failure.code();
  }
}

std::string code_of(const Bytes& bytes) {
  tiny::File file("case.gguf");
  write(file.path(), bytes);
  return code_of(file.path());
}

Bytes tiny_bytes() {
  static const Bytes bytes = [] {
    tiny::File file("tiny.gguf");
    tiny::write(file.path());
    return read(file.path());
  }();
  return bytes;
}

size_t find(const Bytes& bytes, const std::string& text) {
  auto at = std::search(bytes.begin(), bytes.end(), text.begin(), text.end());
  REQUIRE(at != bytes.end());
  return static_cast<size_t>(at - bytes.begin());
}

template <typename T>
void put(Bytes& bytes, size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

/** Loads what passes the check, too: llama.cpp may refuse it, but must not take the process down. */
void try_load(const Bytes& bytes) {
  tiny::File file("fuzz.gguf");
  write(file.path(), bytes);
  AbortFlag abort{false};
  try {
    Model::load(file.path(), {}, abort, nullptr);
  } catch (const Failure& failure) {
    std::string code = failure.code();
    CHECK(code.rfind("MODEL_", 0) == 0);
  }
}

}  // namespace

TEST_CASE("a good file") {
  tiny::File file("tiny.gguf");
  tiny::write(file.path());
  GgufSummary summary = check_gguf_file(file.path());
  CHECK(summary.version == 3);
  CHECK(summary.architecture == "llama");
  CHECK(summary.tensor_count == 21);
  CHECK(check_model_files(file.path()).size() == 1);
}

TEST_CASE("what is no model file") {
  CHECK(code_of(std::string("/nowhere/model.gguf")) == "MODEL_NOT_FOUND");
  CHECK(code_of(std::filesystem::temp_directory_path().string()) == "MODEL_IS_DIRECTORY");
  CHECK(code_of(Bytes{}) == "MODEL_NOT_GGUF");
  CHECK(code_of(Bytes{'G', 'G'}) == "MODEL_NOT_GGUF");
  CHECK(code_of(Bytes(100, 'x')) == "MODEL_NOT_GGUF");
  CHECK(code_of(Bytes{'G', 'G', 'U', 'F'}) == "MODEL_TRUNCATED");
}

TEST_CASE("versions") {
  Bytes bytes = tiny_bytes();
  for (uint32_t version : {0u, 1u, 4u, 0x03000000u}) {
    put(bytes, 4, version);
    CHECK(code_of(bytes) == "MODEL_GGUF_VERSION");
  }
}

TEST_CASE("truncated anywhere") {
  Bytes whole = tiny_bytes();
  for (size_t n = 8; n < 3000; n += 7) CHECK(code_of(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))) == "MODEL_TRUNCATED");
  // The writer pads the last tensor; anything shorter than its data is missing something.
  for (size_t missing : {64u, 1000u, 100000u}) CHECK(code_of(Bytes(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(missing))) == "MODEL_TRUNCATED");
}

TEST_CASE("absurd counts and lengths") {
  for (uint64_t absurd : {uint64_t{1} << 62, uint64_t{1} << 40, UINT64_MAX, uint64_t{1} << 31}) {
    Bytes bytes = tiny_bytes();
    put(bytes, 8, absurd);
    CHECK(code_of(bytes) == "MODEL_LOAD_FAILED");
    bytes = tiny_bytes();
    put(bytes, 16, absurd);
    CHECK(code_of(bytes) == "MODEL_LOAD_FAILED");
    bytes = tiny_bytes();
    put(bytes, 24, absurd);  // length of the first key
    CHECK(code_of(bytes) == "MODEL_TRUNCATED");
    bytes = tiny_bytes();
    put(bytes, find(bytes, "tokenizer.ggml.tokens") + 21 + 8, absurd);  // elements of the array
    CHECK(code_of(bytes) != "");
    bytes = tiny_bytes();
    size_t tensor = find(bytes, "token_embd.weight") + 17;
    put(bytes, tensor + 4, absurd);  // an extent
    CHECK(code_of(bytes) != "");
    bytes = tiny_bytes();
    put(bytes, tensor + 4 + 16 + 4, absurd);  // the offset
    CHECK(code_of(bytes) != "");
  }
}

TEST_CASE("tensor descriptions that cannot be") {
  size_t tensor = find(tiny_bytes(), "token_embd.weight") + 17;
  auto changed = [&](size_t at, auto value) {
    Bytes bytes = tiny_bytes();
    put(bytes, tensor + at, value);
    return code_of(bytes);
  };
  CHECK(changed(0, uint32_t{0}) == "MODEL_LOAD_FAILED");
  CHECK(changed(0, uint32_t{5}) == "MODEL_LOAD_FAILED");
  CHECK(changed(4, uint64_t{0}) == "MODEL_LOAD_FAILED");
  CHECK(changed(4 + 16, uint32_t{4}) == "MODEL_LOAD_FAILED");    // a removed type
  CHECK(changed(4 + 16, uint32_t{999}) == "MODEL_LOAD_FAILED");
  CHECK(changed(4 + 16, uint32_t{30}) != "");                    // bf16: the next tensor then lies elsewhere
  CHECK(changed(4 + 16 + 4, uint64_t{1}) == "MODEL_LOAD_FAILED");
}

TEST_CASE("numbers llama.cpp divides by") {
  for (const char* key : {"llama.block_count", "llama.embedding_length", "llama.context_length"}) {
    Bytes bytes = tiny_bytes();
    put(bytes, find(bytes, key) + std::strlen(key) + 4, uint32_t{0});
    CHECK(code_of(bytes) == "MODEL_LOAD_FAILED");
    put(bytes, find(bytes, key) + std::strlen(key) + 4, UINT32_MAX);
    CHECK(code_of(bytes) == "MODEL_LOAD_FAILED");
  }
}

TEST_CASE("flipped bits never take the process down") {
  Bytes whole = tiny_bytes();
  size_t header = find(whole, "output.weight") + 100;
  std::mt19937 random(42);
  const char* rounds = std::getenv("UNSHIFT_FUZZ_ROUNDS");
  int count = rounds ? std::atoi(rounds) : 300;
  for (int i = 0; i < count; i++) {
    Bytes bytes = whole;
    size_t flips = 1 + random() % 3;
    for (size_t f = 0; f < flips; f++) bytes[random() % header] ^= static_cast<char>(1u << random() % 8);
    CAPTURE(i);
    try_load(bytes);
  }
}

TEST_CASE("a missing part of a split model") {
  // Every part says how many there are; the second is not there.
  tiny::File file("split.gguf");
  gguf_context* split = gguf_init_empty();
  gguf_set_val_str(split, "general.architecture", "llama");
  gguf_set_val_u16(split, "split.count", 2);
  gguf_set_val_u16(split, "split.no", 0);
  std::string first = file.path() + "-00001-of-00002.gguf";
  gguf_write_to_file(split, first.c_str(), true);
  gguf_free(split);
  CHECK_THROWS_WITH_AS(check_model_files(first), doctest::Contains("-00002-of-00002.gguf"), Failure);
  std::filesystem::rename(first, file.path());
  CHECK_THROWS_WITH_AS(check_model_files(file.path()), doctest::Contains("part"), Failure);
}
