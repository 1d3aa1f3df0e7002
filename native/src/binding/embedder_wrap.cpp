#include "embedder_wrap.h"

#include "environment.h"
#include "operation.h"
#include "values.h"

namespace unshift::binding {
namespace {

constexpr const char* kFacts[] = {"model", "dimensions", "pooling", "maxTokens", "threads", "memoryBytes"};

class EmbedOperation : public Operation {
 public:
  EmbedOperation(Napi::Env env, EmbedderWrap& wrap, std::vector<std::vector<int32_t>> texts, Napi::Function on_done)
      : Operation(env, "embed"), wrap_(wrap), texts_(std::move(texts)) {
    embedder_ = wrap.begin();
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
    rows_ = embedder_->embed(texts_, on_done_.IsEmpty() ? std::function<void(size_t)>() : report, abort_flag());
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
  EmbedderWrap& wrap_;
  std::shared_ptr<Embedder> embedder_;
  std::vector<std::vector<int32_t>> texts_;
  Napi::FunctionReference on_done_;
  Throttle throttle_;
  std::vector<float> rows_;
};

}  // namespace

Napi::Function EmbedderWrap::define(Napi::Env env) {
  return DefineClass(env, "Embedder",
                     {InstanceAccessor<&EmbedderWrap::fact<0>>(kFacts[0], napi_enumerable),
                      InstanceAccessor<&EmbedderWrap::fact<1>>(kFacts[1], napi_enumerable),
                      InstanceAccessor<&EmbedderWrap::fact<2>>(kFacts[2], napi_enumerable),
                      InstanceAccessor<&EmbedderWrap::fact<3>>(kFacts[3], napi_enumerable),
                      InstanceAccessor<&EmbedderWrap::fact<4>>(kFacts[4], napi_enumerable),
                      InstanceAccessor<&EmbedderWrap::fact<5>>(kFacts[5], napi_enumerable),
                      InstanceAccessor<&EmbedderWrap::disposed>("disposed", napi_enumerable),
                      InstanceMethod<&EmbedderWrap::embed>("embed"),
                      InstanceMethod<&EmbedderWrap::dispose>("dispose")});
}

Napi::Object EmbedderWrap::create(Napi::Env env, std::shared_ptr<Embedder> embedder, Napi::Object model) {
  Environment& environment = Environment::of(env);
  environment.new_embedder = std::move(embedder);
  environment.new_embedder_model = model;
  Napi::Object object = environment.embedder_constructor.New({});
  environment.new_embedder_model = Napi::Object();
  return object;
}

EmbedderWrap::EmbedderWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EmbedderWrap>(info) {
  Napi::Env env = info.Env();
  Environment& environment = Environment::of(env);
  embedder_ = std::move(environment.new_embedder);
  if (!embedder_) throw coded_error(env, Failure("NATIVE_INVALID_ARGUMENT", "An Embedder comes from model.createEmbedder().", {{"argument", std::string("new Embedder")}}));
  Napi::Object facts = Napi::Object::New(env);
  facts.Set("model", environment.new_embedder_model);  // keeps the Model alive
  facts.Set("dimensions", embedder_->dimensions());
  facts.Set("pooling", pooling_name(embedder_->pooling()));
  facts.Set("maxTokens", embedder_->max_tokens());
  facts.Set("threads", embedder_->threads());
  facts.Set("memoryBytes", embedder_->memory_bytes());
  facts_ = Napi::Persistent(facts);
  external_bytes_ = static_cast<int64_t>(embedder_->memory_bytes());
  Napi::MemoryManagement::AdjustExternalMemory(env, external_bytes_);
}

EmbedderWrap::~EmbedderWrap() {
  if (external_bytes_ != 0) Napi::MemoryManagement::AdjustExternalMemory(Env(), -external_bytes_);
}

const std::shared_ptr<Embedder>& EmbedderWrap::idle() const {
  if (!embedder_) throw Failure("NATIVE_DISPOSED", "This Embedder was disposed.", {{"object", std::string("Embedder")}});
  if (busy_) throw Failure("NATIVE_BUSY", "This Embedder is busy: one call at a time.", {{"object", std::string("Embedder")}});
  return embedder_;
}

std::shared_ptr<Embedder> EmbedderWrap::begin() {
  std::shared_ptr<Embedder> embedder = idle();
  busy_ = true;
  return embedder;
}

template <size_t Which>
Napi::Value EmbedderWrap::fact(const Napi::CallbackInfo&) {
  return facts_.Get(kFacts[Which]);
}

Napi::Value EmbedderWrap::disposed(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), !embedder_); }

Napi::Value EmbedderWrap::embed(const Napi::CallbackInfo& info) {
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
    return Operation::start(std::make_unique<EmbedOperation>(env, *this, std::move(texts), options.function("onDone")), signal);
  });
}

void EmbedderWrap::dispose(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    if (!embedder_) return;
    idle();
    embedder_.reset();
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), -external_bytes_);
    external_bytes_ = 0;
  });
}

}  // namespace unshift::binding
