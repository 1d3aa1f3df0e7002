#include <algorithm>

#include "bare.h"
#include "measures.h"
#include "session/generate.h"

namespace unshift::bench {

void measure_generation(const Arguments& arguments) {
  const AbortFlag go_on{false};
  std::string path = arguments.text("model"), prompts_path = arguments.text("prompts");
  int32_t tokens = arguments.number("tokens", 64);
  ContextSettings settings;
  settings.sequences = arguments.number("sequences", 8);
  settings.threads = arguments.number("threads", default_threads());
  GenerateRequest request;
  request.max_tokens = tokens;
  request.capture = arguments.number("capture", 0) != 0;
  request.sampler.temperature = arguments.number("temperature", 0) / 100.0;
  request.sampler.top_p = arguments.number("top-p", 100) / 100.0;
  request.sampler.repetition_penalty = arguments.number("penalty", 100) / 100.0;
  arguments.check_all_used();
  std::shared_ptr<Model> model = Model::load(path, {}, go_on, nullptr);
  std::vector<GenerateRequest> requests;
  for (auto& prompt : read_ids(prompts_path)) {
    settings.context_size = std::max(settings.context_size, static_cast<int32_t>(prompt.size()) + tokens);
    requests.push_back(request);
    requests.back().prompt = std::move(prompt);
  }
  Context context(model, settings, nullptr);
  Bare bare(model, {settings.context_size, context.chunk_size(), context.slots(), 1, settings.threads});
  std::vector<Generation> generations;
  auto total = [&] {
    double sum = 0;
    for (const Generation& one : generations) sum += static_cast<double>(one.ids.size());
    return sum;
  };
  auto ours = [&] {
    context.clear();
    generations = generate(context, requests, {}, go_on);
  };
  ours();  // what is generated decides the steps of the bare side

  answer_lines({{"prompts", static_cast<double>(requests.size())}, {"tokens", total()}, {"sequences", context.slots()}},
               {{"generate", ours},
                {"llama_decode", [&] {
                   // The same ids in groups as large as the slots; a group lasts as long as its longest answer.
                   auto slots = static_cast<size_t>(context.slots());
                   for (size_t begin = 0; begin < requests.size(); begin += slots) {
                     size_t end = std::min(begin + slots, requests.size()), longest = 0;
                     bare.clear();
                     for (size_t i = begin; i < end; i++) {
                       bare.prompt(requests[i].prompt, static_cast<int32_t>(i - begin));
                       longest = std::max(longest, generations[i].ids.size());
                     }
                     // The first id comes from the prompt's last row, and the last one is not decoded.
                     for (size_t at = 0; at + 1 < longest; at++) {
                       std::vector<int32_t> step, positions;
                       for (size_t i = begin; i < end; i++) {
                         const auto& ids = generations[i].ids;
                         step.push_back(ids[std::min(at, ids.size() - 1)]);
                         positions.push_back(static_cast<int32_t>(requests[i].prompt.size() + at));
                       }
                       bare.step(step, positions);
                     }
                   }
                 }}});
}

}  // namespace unshift::bench
