#include <stdexcept>

#include "bare.h"
#include "measures.h"
#include "session/score.h"

namespace unshift::bench {
namespace {

const AbortFlag kGoOn{false};

struct Item {
  PairRequest request;
  std::vector<int32_t> tokens;  // prompt and answer without its last id
  std::vector<int32_t> ends;    // of the chunks that comparePair makes
};

}  // namespace

void measure_pair(const Arguments& arguments) {
  std::string reference_path = arguments.text("reference"), subject_path = arguments.text("subject"), items_path = arguments.text("items");
  ContextSettings settings;
  settings.threads = arguments.number("threads", default_threads());
  LoadSettings load;
  load.gpu_layers = arguments.number("gpu-layers", 0);
  arguments.check_all_used();
  std::shared_ptr<Model> models[] = {Model::load(reference_path, load, kGoOn, nullptr), Model::load(subject_path, load, kGoOn, nullptr)};
  std::vector<std::vector<int32_t>> lists = read_ids(items_path);
  if (lists.size() % 2 != 0) throw std::runtime_error(items_path + ": a prompt and an answer in turn, a line each");
  std::vector<Item> items(lists.size() / 2);
  for (const auto& list : lists) settings.context_size += static_cast<int32_t>(list.size());
  Context reference(models[0], settings, nullptr), subject(models[1], settings, nullptr);

  int32_t v = models[0]->vocabulary().size(), positions = 0, chunks = 0;
  int32_t rows = std::min(block_rows(reference.chunk_size(), PairRequest().block_bytes, 2, v), reference.max_rows());
  for (size_t i = 0; i < items.size(); i++) {
    Item& item = items[i];
    item.request.reference_prompt = item.request.subject_prompt = item.tokens = lists[2 * i];
    item.request.answer = lists[2 * i + 1];
    item.tokens.insert(item.tokens.end(), item.request.answer.begin(), item.request.answer.end() - 1);
    auto first_row = static_cast<int32_t>(item.request.subject_prompt.size()) - 1;
    item.ends = chunk_ends(static_cast<int32_t>(item.tokens.size()), 0, first_row, {reference.chunk_size(), rows});
    positions += static_cast<int32_t>(item.request.answer.size());
    chunks += static_cast<int32_t>(item.ends.size());
  }
  BareSettings as_ours{settings.context_size, reference.chunk_size(), 1, reference.max_rows(), settings.threads};
  Bare bare[] = {{models[0], as_ours}, {models[1], as_ours}};

  answer_lines({{"items", static_cast<double>(items.size())}, {"positions", positions}, {"chunks", chunks}, {"vocabulary", v}},
               {{"comparePair",
                 [&] {
                   for (const Item& item : items) {
                     reference.clear();
                     subject.clear();
                     compare_pair(reference, subject, item.request, kGoOn);
                   }
                 }},
                {"llama_decode", [&] {
                   for (const Item& item : items) {
                     for (Bare& pass : bare) {
                       pass.clear();
                       int32_t at = 0, first_row = static_cast<int32_t>(item.request.subject_prompt.size()) - 1;
                       for (int32_t end : item.ends) {
                         pass.decode(item.tokens, at, end, first_row);
                         at = end;
                       }
                     }
                   }
                 }}});
}

}  // namespace unshift::bench
