/**
 * Continuous batching. A request is admitted to a free slot, its prompt decoded there by itself on the canonical grid, then all
 * slots advance by one token per step; a slot whose request ends takes the next one at once.
 *
 * Strict numerics: a request's ids must not depend on its neighbours. ggml computes a matrix product with another kernel, so with
 * another order of additions, when it has one column instead of several, and repacked weights treat columns beyond a multiple of
 * four differently. Hence the batch of a step has a fixed shape: idle slots inside it decode a placeholder that is undone. A
 * sequence's own attention always sees one token, whatever the batch. Where a backend promises less (GPUs choose kernels by the
 * batch and the longest neighbour; experts see as many columns as were routed to them) sequences advance one at a time.
 */
#include "generate.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <set>

#include "../kernels/parallel.h"
#include "failure.h"
#include "first_fault.h"
#include "grammar.h"
#include "stop.h"

namespace unshift {
namespace {

using Clock = std::chrono::steady_clock;

/** One request in its slot. */
struct Running {
  Running(size_t index, const GenerateRequest& request, const Vocabulary& vocabulary)
      : index(index), request(request), sampler(request.sampler, vocabulary.size(), request.prompt), stops(request.stop, request.stop_always, request.code_blocks), since(Clock::now()) {
    if (request.grammar) grammar.emplace(vocabulary, *request.grammar, request.stop_ids);
    result.prompt_tokens = static_cast<int32_t>(request.prompt.size());
    if (request.capture) {
      result.captured.emplace();
      result.captured->top_k = std::min(request.capture_top_k, vocabulary.size());
    }
  }

  size_t index;
  const GenerateRequest& request;
  Sampler sampler;
  std::optional<Grammar> grammar;
  StopMatcher stops;
  Clock::time_point since;
  Generation result;
  std::vector<size_t> token_ends;  // byte of `raw` at which each id ends
  std::vector<float> raw_row;      // the model's own row, where statistics are kept of a row that sampling changes

  /** Whether the next id is an arg-max and nothing else. */
  bool light() const { return sampler.greedy() && !grammar && !result.captured; }
};

/** The next id of a slot. */
struct Choice {
  int32_t slot;
  float* row;
  int32_t id = Sampler::not_finite;
  kernels::RowFault fault = kernels::RowFault::none;
  std::exception_ptr error = nullptr;
};

class Batch {
 public:
  Batch(Context& context, const std::vector<GenerateRequest>& requests, const GenerateCallbacks& callbacks, const AbortFlag& abort)
      : context_(context), requests_(requests), callbacks_(callbacks), abort_(abort), slots_(static_cast<size_t>(context.slots())) {
    const Model& model = context.model();
    bool experts = false;
    for (const auto& [key, value] : model.metadata()) {
      bool counts = key.size() > 13 && key.compare(key.size() - 13, 13, ".expert_count") == 0;
      experts |= counts && value != "0";
    }
    one_by_one_ = context.strict() && (model.offloaded() || experts);
  }

  std::vector<Generation> run() {
    results_.resize(requests_.size());
    for (;;) {
      admit();
      if (active_ == 0) return std::move(results_);
      if (one_by_one_) {
        for (int32_t slot = 0; slot < context_.slots(); slot++) {
          if (at(slot)) step(slot, slot + 1);
        }
      } else {
        int32_t begin = 0, end = context_.slots();
        window(&begin, &end);
        step(begin, end);
      }
    }
  }

 private:
  std::unique_ptr<Running>& at(int32_t slot) { return slots_[static_cast<size_t>(slot)]; }

  void admit() {
    for (int32_t slot = 0; slot < context_.slots() && next_ < requests_.size(); slot++) {
      // A request may end with its first token: fill the slot until one stays.
      while (!at(slot) && next_ < requests_.size()) start(slot);
    }
  }

  void start(int32_t slot) {
    const GenerateRequest& request = requests_[next_];
    const std::vector<int32_t>& prompt = request.prompt;
    at(slot) = std::make_unique<Running>(next_++, request, context_.model().vocabulary());
    active_++;
    auto n = static_cast<int32_t>(prompt.size());
    int32_t prefix = std::min(request.prefix, n - 1);
    std::vector<int32_t> ends = chunk_ends(n, prefix, n, {context_.chunk_size(), context_.chunk_size()});
    // The last prompt token must be decoded: its row gives the first id.
    int32_t position = context_.reuse(slot, prompt, ends, n - 1);
    at(slot)->result.reused = position;
    for (int32_t end : ends) {
      if (end <= position) continue;
      context_.decode(slot, prompt, position, end, n - 1, abort_);
      position = end;
      if (position == prefix) context_.remember_state(slot);
    }
    chosen_.assign(1, {slot, context_.row(0)});
    choose_all();
    take(chosen_.front());
  }

  /** The smallest range of slots that holds all active ones and keeps the arithmetic of the full batch. */
  void window(int32_t* begin, int32_t* end) {
    while (!at(*begin)) ++*begin;
    while (!at(*end - 1)) --*end;
    if (!context_.strict()) return;
    int32_t all = context_.slots();
    // From eight columns on some quantisations use panel kernels: a batch of eight or more never shrinks below that.
    int32_t least = std::min(all, 8), width = *end - *begin;
    width = std::min(all, std::max(least, (width + 3) / 4 * 4));
    *begin = std::min(*begin, all - width);
    *end = *begin + width;
  }

  void step(int32_t begin, int32_t end) {
    rows_.clear();
    placeholder_.clear();
    for (int32_t slot = begin; slot < end; slot++) {
      if (!at(slot) && !context_.strict()) continue;
      rows_.push_back({slot, at(slot) ? at(slot)->result.ids.back() : 0});
      placeholder_.push_back(!at(slot));
    }
    context_.step(rows_, placeholder_, abort_);
    chosen_.clear();
    for (size_t i = 0; i < rows_.size(); i++) {
      if (!placeholder_[i]) chosen_.push_back({rows_[i].slot, context_.row(static_cast<int32_t>(i))});
    }
    choose_all();
    for (const Choice& choice : chosen_) take(choice);
  }

  /** An id for every row of chosen_. An arg-max takes less than starting a thread; anything more is spread over them. */
  void choose_all() {
    bool light = true;
    for (const Choice& choice : chosen_) light = light && at(choice.slot)->light();
    kernels::parallel_rows(chosen_.size(), light ? 1 : context_.threads(), [this](size_t i) { choose(chosen_[i]); });
  }

  /** Does not throw: it may run on any thread. */
  void choose(Choice& choice) noexcept {
    Running& running = *at(choice.slot);
    auto v = static_cast<size_t>(context_.model().vocabulary().size());
    try {
      Columns* captured = running.result.captured ? &*running.result.captured : nullptr;
      Grammar* grammar = running.grammar ? &*running.grammar : nullptr;
      const float* own = choice.row;
      if (captured && running.sampler.changes_row(grammar)) {
        running.raw_row.assign(choice.row, choice.row + v);
        own = running.raw_row.data();
      }
      choice.id = running.sampler.sample(choice.row, grammar);
      if (choice.id == Sampler::not_finite) {
        float max;
        choice.fault = kernels::row_max(choice.row, v, &max);
        if (choice.fault == kernels::RowFault::none) choice.fault = kernels::RowFault::not_a_number;
      } else if (captured && choice.id >= 0) {
        captured->resize(running.result.ids.size() + 1);
        choice.fault = captured->fill(running.result.ids.size(), own, v, choice.id);
      }
    } catch (...) {
      choice.error = std::current_exception();
    }
  }

  /** Adds the id that was chosen for a slot to its answer and ends the request where that finishes it. */
  void take(const Choice& choice) {
    int32_t slot = choice.slot, id = choice.id;
    Running& running = *at(slot);
    Generation& result = running.result;
    const Vocabulary& vocabulary = context_.model().vocabulary();
    if (choice.error) std::rethrow_exception(choice.error);
    if (id == Sampler::none_allowed) refuse(running);
    check_fault(choice.fault, static_cast<size_t>(context_.length(slot)) - 1, context_.model());
    result.ids.push_back(id);
    if (callbacks_.on_token) callbacks_.on_token(running.index, id);

    const auto& extra = running.request.stop_ids;
    if (vocabulary.ends_generation(id) || std::find(extra.begin(), extra.end(), id) != extra.end()) return finish(slot, FinishReason::eos);
    if (running.grammar) running.grammar->accept(id);
    size_t before = result.raw.size();
    result.raw += vocabulary.bytes(id);
    running.token_ends.push_back(result.raw.size());
    if (running.stops.match(result.raw, before)) return finish(slot, FinishReason::stop);
    if (result.ids.size() >= static_cast<size_t>(running.request.max_tokens)) return finish(slot, FinishReason::length);
    if (result.prompt_tokens + static_cast<int32_t>(result.ids.size()) >= context_.context_size()) finish(slot, FinishReason::context);
  }

  /** The grammar wants what no id of the vocabulary spells. */
  [[noreturn]] void refuse(const Running& running) {
    const Generation& result = running.result;
    constexpr size_t shown = 80;
    std::string text = result.raw.size() > shown ? "…" + result.raw.substr(result.raw.size() - shown) : result.raw;
    throw Failure("GRAMMAR_UNSUPPORTED",
                  "requests[" + std::to_string(running.index) + "]: behind \"" + text + "\" (" + std::to_string(result.ids.size()) + " ids) no id of the vocabulary is what the grammar allows.",
                  {{"index", static_cast<double>(running.index)}, {"ids", static_cast<double>(result.ids.size())}, {"text", text}});
  }

  void finish(int32_t slot, FinishReason reason) {
    std::unique_ptr<Running> running = std::move(at(slot));
    active_--;
    Generation& result = running->result;
    result.finish = reason;
    result.answer_length = static_cast<int32_t>(result.ids.size());
    result.text = result.raw;
    result.in_code_block = running->stops.in_block();
    if (reason == FinishReason::stop) {
      result.stop = running->stops.stop();
      result.answer_length = static_cast<int32_t>(tokens_before(running->token_ends, running->stops.begin()));
      result.text.resize(running->stops.begin());
    }
    if (result.captured) result.captured->decoded = static_cast<int32_t>(result.ids.size());
    result.duration_ms = std::chrono::duration<double, std::milli>(Clock::now() - running->since).count();
    Generation& kept = results_[running->index] = std::move(result);
    if (callbacks_.on_done) callbacks_.on_done(running->index, kept);
  }

  Context& context_;
  const std::vector<GenerateRequest>& requests_;
  const GenerateCallbacks& callbacks_;
  const AbortFlag& abort_;
  std::vector<std::unique_ptr<Running>> slots_;
  std::vector<Generation> results_;
  std::vector<StepRow> rows_;
  std::vector<bool> placeholder_;
  std::vector<Choice> chosen_;
  size_t next_ = 0;
  int32_t active_ = 0;
  bool one_by_one_ = false;
};

}  // namespace

const char* finish_name(FinishReason reason) {
  static const char* names[] = {"eos", "stop", "length", "context"};
  return names[static_cast<int>(reason)];
}

std::vector<Generation> generate(Context& context, const std::vector<GenerateRequest>& requests, const GenerateCallbacks& callbacks,
                                 const AbortFlag& abort) {
  std::set<std::string> known;
  for (size_t i = 0; i < requests.size(); i++) {
    std::string name = "requests[" + std::to_string(i) + "].";
    context.check_ids(requests[i].prompt, (name + "prompt").c_str());
    if (requests[i].prompt.size() >= static_cast<size_t>(context.context_size())) {
      throw Failure("CONTEXT_TOO_SMALL",
                    name + "prompt has " + std::to_string(requests[i].prompt.size()) + " tokens; the context holds " + std::to_string(context.context_size()) + ", which leaves no room for an answer.",
                    {{"index", static_cast<double>(i)},
                     {"tokens", static_cast<double>(requests[i].prompt.size())},
                     {"contextSize", static_cast<double>(context.context_size())}});
    }
    // Wrong text is told before anything is generated.
    if (const auto& grammar = requests[i].grammar; grammar && known.insert(*grammar).second) Grammar(context.model().vocabulary(), *grammar, {});
  }
  return Batch(context, requests, callbacks, abort).run();
}

}  // namespace unshift
