#include "generate_operation.h"

#include <climits>

#include "../session/generate.h"
#include "operation.h"
#include "values.h"

namespace unshift::binding {
namespace {

Napi::Object generation_to_js(Napi::Env env, const Generation& generation) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("ids", int32_array(env, generation.ids));
  object.Set("raw", generation.raw);
  object.Set("answerLength", generation.answer_length);
  object.Set("text", generation.text);
  object.Set("finishReason", finish_name(generation.finish));
  object.Set("stop", generation.stop ? Napi::Value(Napi::String::New(env, *generation.stop)) : env.Null());
  object.Set("inCodeBlock", generation.in_code_block);
  object.Set("promptTokens", generation.prompt_tokens);
  object.Set("reusedTokens", generation.reused);
  object.Set("durationMs", generation.duration_ms);
  object.Set("captured", generation.captured ? Napi::Value(columns_to_js(env, *generation.captured)) : env.Null());
  return object;
}

class GenerateOperation : public Operation {
 public:
  GenerateOperation(Napi::Env env, ContextWrap& wrap, std::vector<GenerateRequest> requests, Napi::Function on_done, Napi::Function on_token)
      : Operation(env, "generate"), wrap_(wrap), requests_(std::move(requests)) {
    context_ = wrap.begin();
    keep(wrap.Value());
    if (!on_done.IsEmpty()) {
      on_done_ = Napi::Persistent(on_done);
      callbacks_.on_done = [this](size_t index, const Generation& generation) {
        post([this, index, generation](Napi::Env env) {
          on_done_.Call({Napi::Number::New(env, static_cast<double>(index)), generation_to_js(env, generation)});
        });
      };
    }
    if (!on_token.IsEmpty()) {
      on_token_ = Napi::Persistent(on_token);
      callbacks_.on_token = [this](size_t index, int32_t id) {
        post([this, index, id](Napi::Env env) { on_token_.Call({Napi::Number::New(env, static_cast<double>(index)), Napi::Number::New(env, id)}); });
      };
    }
  }

 protected:
  void compute() override { generations_ = unshift::generate(*context_, requests_, callbacks_, abort_flag()); }

  Napi::Value to_js(Napi::Env env) override {
    Napi::Array list = Napi::Array::New(env, generations_.size());
    for (size_t i = 0; i < generations_.size(); i++) list.Set(static_cast<uint32_t>(i), generation_to_js(env, generations_[i]));
    return list;
  }

  void release() override { wrap_.finished(); }

 private:
  ContextWrap& wrap_;
  std::shared_ptr<Context> context_;
  std::vector<GenerateRequest> requests_;
  GenerateCallbacks callbacks_;
  Napi::FunctionReference on_done_, on_token_;
  std::vector<Generation> generations_;
};

GenerateRequest request_from_js(Napi::Value value, const std::string& name) {
  Fields fields(value, name,
                {"prompt", "prefixLength", "maxTokens", "temperature", "topK", "topP", "minP", "repetitionPenalty", "seed", "stop", "stopAlways", "codeBlocks", "stopIds", "grammar", "capture"}, true);
  GenerateRequest request;
  request.prompt = fields.ids("prompt");
  if (request.prompt.empty()) invalid_argument(name + ".prompt", "needs at least one id");
  request.prefix = fields.integer("prefixLength", 0, 0, static_cast<int32_t>(request.prompt.size()));
  request.max_tokens = fields.required_integer("maxTokens", 1, INT_MAX / 4);
  request.sampler.temperature = fields.number("temperature", 0, 0, 1e6);
  request.sampler.top_k = fields.integer("topK", 0, 0, INT_MAX);
  request.sampler.top_p = fields.number("topP", 1, 0, 1);
  request.sampler.min_p = fields.number("minP", 0, 0, 1);
  request.sampler.repetition_penalty = fields.number("repetitionPenalty", 1, 1e-6, 1e6);
  request.sampler.seed = static_cast<uint64_t>(fields.number("seed", 0, 0, 9007199254740991.0));
  auto stops = [&](const char* key) {
    std::vector<std::string> texts = fields.strings(key);
    for (size_t i = 0; i < texts.size(); i++) {
      if (texts[i].empty()) invalid_argument(fields.path(key) + "[" + std::to_string(i) + "]", "is empty");
    }
    return texts;
  };
  request.stop = stops("stop");
  request.stop_always = stops("stopAlways");
  request.code_blocks = fields.boolean("codeBlocks", false);
  if (fields.has("stopIds")) request.stop_ids = check_ids(fields.get("stopIds"), name + ".stopIds", true);
  if (fields.has("grammar")) {
    request.grammar = check_string(fields.get("grammar"), fields.path("grammar"));
    if (request.grammar->empty()) invalid_argument(fields.path("grammar"), "is empty");
  }
  if (fields.has("capture")) {
    Fields capture(fields.get("capture"), name + ".capture", {"topK"}, true);
    request.capture = true;
    request.capture_top_k = capture.integer("topK", 10, 0, 1 << 20);
  }
  return request;
}

}  // namespace

Napi::Promise start_generate(Napi::Env env, ContextWrap& wrap, Napi::Value requests, Napi::Value options) {
  if (!requests.IsArray()) invalid_argument("requests", "must be an array");
  Napi::Array list = requests.As<Napi::Array>();
  std::vector<GenerateRequest> parsed;
  for (uint32_t i = 0; i < list.Length(); i++) parsed.push_back(request_from_js(list.Get(i), "requests[" + std::to_string(i) + "]"));
  Fields fields(options, "options", {"signal", "onDone", "onToken"});
  Napi::Value signal = fields.has("signal") ? fields.get("signal") : env.Undefined();
  return Operation::start(std::make_unique<GenerateOperation>(env, wrap, std::move(parsed), fields.function("onDone"), fields.function("onToken")), signal);
}

}  // namespace unshift::binding
