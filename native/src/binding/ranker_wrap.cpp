#include "ranker_wrap.h"

#include "environment.h"
#include "operation.h"
#include "values.h"

namespace unshift::binding {
namespace {

constexpr const char* kFacts[] = {"model", "labels", "maxTokens", "threads", "memoryBytes"};

class ScoreTextsOperation : public Operation {
 public:
  ScoreTextsOperation(Napi::Env env, RankerWrap& wrap, std::vector<std::vector<int32_t>> texts, Napi::Function on_done)
      : Operation(env, "score"), wrap_(wrap), texts_(std::move(texts)) {
    ranker_ = wrap.begin();
    keep(wrap.Value());
    if (!on_done.IsEmpty()) on_done_ = Napi::Persistent(on_done);
  }

 protected:
  void compute() override {
    auto report = [this](size_t texts) {
      // A hundred thousand short texts must not become a hundred thousand turns of the event loop.
      if (!throttle_.passes(static_cast<float>(texts) / static_cast<float>(texts_.size()))) return;
      post([this, texts](Napi::Env env) { on_done_.Call({Napi::Number::New(env, static_cast<double>(texts))}); });
    };
    rows_ = ranker_->score(texts_, on_done_.IsEmpty() ? std::function<void(size_t)>() : report, abort_flag());
  }

  Napi::Value to_js(Napi::Env env) override {
    Napi::Float32Array rows = Napi::Float32Array::New(env, rows_.size());
    if (!rows_.empty()) std::memcpy(rows.Data(), rows_.data(), rows_.size() * sizeof(float));
    double tokens = 0;
    for (const auto& text : texts_) tokens += static_cast<double>(text.size());
    Napi::Object object = Napi::Object::New(env);
    object.Set("rows", rows);
    object.Set("tokens", tokens);
    return object;
  }

  void release() override { wrap_.finished(); }

 private:
  RankerWrap& wrap_;
  std::shared_ptr<Ranker> ranker_;
  std::vector<std::vector<int32_t>> texts_;
  Napi::FunctionReference on_done_;
  Throttle throttle_;
  std::vector<float> rows_;
};

}  // namespace

Napi::Function RankerWrap::define(Napi::Env env) {
  return DefineClass(env, "Ranker",
                     {InstanceAccessor<&RankerWrap::fact<0>>(kFacts[0], napi_enumerable),
                      InstanceAccessor<&RankerWrap::fact<1>>(kFacts[1], napi_enumerable),
                      InstanceAccessor<&RankerWrap::fact<2>>(kFacts[2], napi_enumerable),
                      InstanceAccessor<&RankerWrap::fact<3>>(kFacts[3], napi_enumerable),
                      InstanceAccessor<&RankerWrap::fact<4>>(kFacts[4], napi_enumerable),
                      InstanceAccessor<&RankerWrap::disposed>("disposed", napi_enumerable),
                      InstanceMethod<&RankerWrap::score>("score"),
                      InstanceMethod<&RankerWrap::dispose>("dispose")});
}

Napi::Object RankerWrap::create(Napi::Env env, std::shared_ptr<Ranker> ranker, Napi::Object model) {
  Environment& environment = Environment::of(env);
  environment.new_ranker = std::move(ranker);
  environment.new_ranker_model = model;
  Napi::Object object = environment.ranker_constructor.New({});
  environment.new_ranker_model = Napi::Object();
  return object;
}

RankerWrap::RankerWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RankerWrap>(info) {
  Napi::Env env = info.Env();
  Environment& environment = Environment::of(env);
  ranker_ = std::move(environment.new_ranker);
  if (!ranker_) throw coded_error(env, Failure("NATIVE_INVALID_ARGUMENT", "An Ranker comes from model.createRanker().", {{"argument", std::string("new Ranker")}}));
  Napi::Object facts = Napi::Object::New(env);
  facts.Set("model", environment.new_ranker_model);  // keeps the Model alive
  const std::vector<std::string>& labels = ranker_->labels();
  Napi::Array names = Napi::Array::New(env, labels.size());
  for (size_t i = 0; i < labels.size(); i++) names.Set(static_cast<uint32_t>(i), labels[i]);
  facts.Set("labels", frozen(names));
  facts.Set("maxTokens", ranker_->max_tokens());
  facts.Set("threads", ranker_->threads());
  facts.Set("memoryBytes", ranker_->memory_bytes());
  facts_ = Napi::Persistent(facts);
  external_bytes_ = static_cast<int64_t>(ranker_->memory_bytes());
  Napi::MemoryManagement::AdjustExternalMemory(env, external_bytes_);
}

RankerWrap::~RankerWrap() {
  if (external_bytes_ != 0) Napi::MemoryManagement::AdjustExternalMemory(Env(), -external_bytes_);
}

const std::shared_ptr<Ranker>& RankerWrap::idle() const {
  if (!ranker_) throw Failure("NATIVE_DISPOSED", "This Ranker was disposed.", {{"object", std::string("Ranker")}});
  if (busy_) throw Failure("NATIVE_BUSY", "This Ranker is busy: one call at a time.", {{"object", std::string("Ranker")}});
  return ranker_;
}

std::shared_ptr<Ranker> RankerWrap::begin() {
  std::shared_ptr<Ranker> ranker = idle();
  busy_ = true;
  return ranker;
}

template <size_t Which>
Napi::Value RankerWrap::fact(const Napi::CallbackInfo&) {
  return facts_.Get(kFacts[Which]);
}

Napi::Value RankerWrap::disposed(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), !ranker_); }

Napi::Value RankerWrap::score(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    idle();
    if (!info[0].IsArray()) invalid_argument("texts", "must be an array of Int32Array");
    Napi::Array list = info[0].As<Napi::Array>();
    std::vector<std::vector<int32_t>> texts;
    texts.reserve(list.Length());
    for (uint32_t i = 0; i < list.Length(); i++) {
      Napi::HandleScope scope(env);
      texts.push_back(check_ids(list.Get(i), "texts[" + std::to_string(i) + "]"));
    }
    Fields options(info[1], "options", {"signal", "onDone"});
    Napi::Value signal = options.has("signal") ? options.get("signal") : env.Undefined();
    return Operation::start(std::make_unique<ScoreTextsOperation>(env, *this, std::move(texts), options.function("onDone")), signal);
  });
}

void RankerWrap::dispose(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    if (!ranker_) return;
    idle();
    ranker_.reset();
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), -external_bytes_);
    external_bytes_ = 0;
  });
}

}  // namespace unshift::binding
