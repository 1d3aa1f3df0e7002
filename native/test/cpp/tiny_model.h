/** A random-weight LLaMA of about 200 000 weights, written with ggml's own GGUF writer. */
#pragma once

#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "ggml.h"
#include "gguf.h"

namespace tiny {

struct Options {
  unsigned seed = 1;
  int64_t embedding = 64;
  int extra_tokens = 0;
};

inline std::vector<std::string> tokens(int extra) {
  std::vector<std::string> list = {"<unk>", "<s>", "</s>"};
  char text[16];
  for (int i = 0; i < 256; i++) {
    std::snprintf(text, sizeof text, "<0x%02X>", i);
    list.push_back(text);
  }
  list.push_back("\xe2\x96\x81");
  for (char c = 'a'; c <= 'z'; c++) list.push_back(std::string(1, c));
  for (int i = 0; i < extra; i++) list.push_back("<extra_" + std::to_string(i) + ">");
  return list;
}

inline void write(const std::string& path, const Options& options = {}) {
  const int64_t d = options.embedding, ff = 2 * d, kv = d / 2;
  std::vector<std::string> texts = tokens(options.extra_tokens);
  auto v = static_cast<int64_t>(texts.size());
  gguf_context* file = gguf_init_empty();
  gguf_set_val_str(file, "general.architecture", "llama");
  auto number = [&](const char* key, int64_t value) { gguf_set_val_u32(file, key, static_cast<uint32_t>(value)); };
  number("llama.context_length", 512);
  number("llama.embedding_length", d);
  number("llama.block_count", 2);
  number("llama.feed_forward_length", ff);
  number("llama.attention.head_count", 4);
  number("llama.attention.head_count_kv", 2);
  number("llama.rope.dimension_count", d / 4);
  number("llama.vocab_size", v);
  gguf_set_val_f32(file, "llama.attention.layer_norm_rms_epsilon", 1e-5f);
  gguf_set_val_str(file, "tokenizer.ggml.model", "llama");
  std::vector<const char*> pointers;
  std::vector<float> scores;
  std::vector<int32_t> types;
  for (size_t i = 0; i < texts.size(); i++) {
    pointers.push_back(texts[i].c_str());
    scores.push_back(i < 259 ? 0.0f : -1000.0f);
    types.push_back(i == 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : i < 286 ? 1 : 4);
  }
  gguf_set_arr_str(file, "tokenizer.ggml.tokens", pointers.data(), pointers.size());
  gguf_set_arr_data(file, "tokenizer.ggml.scores", GGUF_TYPE_FLOAT32, scores.data(), scores.size());
  gguf_set_arr_data(file, "tokenizer.ggml.token_type", GGUF_TYPE_INT32, types.data(), types.size());
  number("tokenizer.ggml.bos_token_id", 1);
  number("tokenizer.ggml.eos_token_id", 2);
  number("tokenizer.ggml.unknown_token_id", 0);

  ggml_context* weights = ggml_init({size_t{16} << 20, nullptr, false});
  std::mt19937 random(options.seed);
  auto add = [&](const std::string& name, int64_t columns, int64_t rows, float mean, float spread) {
    ggml_tensor* tensor = rows > 0 ? ggml_new_tensor_2d(weights, GGML_TYPE_F32, columns, rows) : ggml_new_tensor_1d(weights, GGML_TYPE_F32, columns);
    ggml_set_name(tensor, name.c_str());
    std::normal_distribution<float> normal(mean, spread);
    auto* data = static_cast<float*>(tensor->data);
    for (int64_t i = 0; i < ggml_nelements(tensor); i++) data[i] = normal(random);
    gguf_add_tensor(file, tensor);
  };
  const float spread = 1.0f / 8;
  add("token_embd.weight", d, v, 0, 1);
  for (int i = 0; i < 2; i++) {
    std::string block = "blk." + std::to_string(i) + ".";
    add(block + "attn_norm.weight", d, 0, 1, 0.1f);
    add(block + "attn_q.weight", d, d, 0, spread);
    add(block + "attn_k.weight", d, kv, 0, spread);
    add(block + "attn_v.weight", d, kv, 0, spread);
    add(block + "attn_output.weight", d, d, 0, spread);
    add(block + "ffn_norm.weight", d, 0, 1, 0.1f);
    add(block + "ffn_gate.weight", d, ff, 0, spread);
    add(block + "ffn_up.weight", d, ff, 0, spread);
    add(block + "ffn_down.weight", ff, d, 0, spread);
  }
  add("output_norm.weight", d, 0, 1, 0.1f);
  add("output.weight", d, v, 0, 3 * spread);
  gguf_write_to_file(file, path.c_str(), false);
  gguf_free(file);
  ggml_free(weights);
}

/** A path in the temporary folder, removed at the end of the test. */
class File {
 public:
  explicit File(const std::string& name) : path_((std::filesystem::temp_directory_path() / ("unshift-test-" + std::to_string(std::random_device{}()) + "-" + name)).string()) {}
  ~File() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace tiny
