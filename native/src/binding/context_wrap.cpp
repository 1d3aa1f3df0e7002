#include "context_wrap.h"

#include <climits>

#include "../session/generate.h"
#include "../session/score.h"
#include "environment.h"
#include "generate_operation.h"
#include "logits_wrap.h"
#include "operation.h"
#include "pair_request.h"
#include "values.h"

namespace unshift::binding {
namespace {

constexpr napi_type_tag kContextTag = {0x2b8e61d04f7c4d93, 0xa5c30e98b14f67d2};

constexpr const char* kFacts[] = {"model", "contextSize", "chunkSize", "threads", "numerics", "memoryBytes", "memory"};

/** Lets contexts go when an operation ends, and keeps their JavaScript objects until then. */
class Busy {
 public:
  std::shared_ptr<Context> take(ContextWrap& wrap) {
    std::shared_ptr<Context> context = wrap.begin();
    wraps_.push_back(&wrap);
    return context;
  }
  void release() {
    for (ContextWrap* wrap : wraps_) wrap->finished();
    wraps_.clear();
  }

 private:
  std::vector<ContextWrap*> wraps_;
};

class ScoreOperation : public Operation {
 public:
  ScoreOperation(Napi::Env env, ContextWrap& wrap, ScoreRequest request) : Operation(env, "score"), request_(std::move(request)) {
    context_ = busy_.take(wrap);
    keep(wrap.Value());
  }

 protected:
  void compute() override { columns_ = unshift::score(*context_, request_, abort_flag()); }
  Napi::Value to_js(Napi::Env env) override { return columns_to_js(env, columns_); }
  void release() override { busy_.release(); }

 private:
  Busy busy_;
  std::shared_ptr<Context> context_;
  ScoreRequest request_;
  Columns columns_;
};

class PairOperation : public Operation {
 public:
  PairOperation(Napi::Env env, ContextWrap& reference, ContextWrap& subject, PairRequest request)
      : Operation(env, "comparePair"), request_(std::move(request)) {
    reference_ = busy_.take(reference);
    subject_ = busy_.take(subject);
    keep(reference.Value());
    keep(subject.Value());
  }

 protected:
  void compute() override { columns_ = unshift::compare_pair(*reference_, *subject_, request_, abort_flag()); }
  Napi::Value to_js(Napi::Env env) override { return pair_columns_to_js(env, columns_); }
  void release() override { busy_.release(); }

 private:
  Busy busy_;
  std::shared_ptr<Context> reference_, subject_;
  PairRequest request_;
  PairColumns columns_;
};

Napi::Value signal_of(const Napi::CallbackInfo& info, size_t index) {
  Fields options(info[index], "options", {"signal"});
  return options.has("signal") ? options.get("signal") : info.Env().Undefined();
}

}  // namespace

Napi::Function ContextWrap::define(Napi::Env env) {
  return DefineClass(env, "Context",
                     {InstanceAccessor<&ContextWrap::fact<0>>(kFacts[0], napi_enumerable),
                      InstanceAccessor<&ContextWrap::fact<1>>(kFacts[1], napi_enumerable),
                      InstanceAccessor<&ContextWrap::fact<2>>(kFacts[2], napi_enumerable),
                      InstanceAccessor<&ContextWrap::fact<3>>(kFacts[3], napi_enumerable),
                      InstanceAccessor<&ContextWrap::fact<4>>(kFacts[4], napi_enumerable),
                      InstanceAccessor<&ContextWrap::fact<5>>(kFacts[5], napi_enumerable),
                      InstanceAccessor<&ContextWrap::fact<6>>(kFacts[6], napi_enumerable),
                      InstanceAccessor<&ContextWrap::disposed>("disposed", napi_enumerable),
                      InstanceMethod<&ContextWrap::score>("score"),
                      InstanceMethod<&ContextWrap::logits>("logits"),
                      InstanceMethod<&ContextWrap::generate>("generate"),
                      InstanceMethod<&ContextWrap::clear>("clear"),
                      InstanceMethod<&ContextWrap::dispose>("dispose")});
}

Napi::Object ContextWrap::create(Napi::Env env, std::shared_ptr<Context> context, Napi::Object model) {
  Environment& environment = Environment::of(env);
  environment.new_context = std::move(context);
  environment.new_context_model = model;
  Napi::Object object = environment.context_constructor.New({});
  environment.new_context_model = Napi::Object();
  return object;
}

ContextWrap& ContextWrap::from(Napi::Value value, const std::string& name) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kContextTag)) invalid_argument(name, "must be a Context");
  return *Unwrap(value.As<Napi::Object>());
}

ContextWrap::ContextWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ContextWrap>(info) {
  Napi::Env env = info.Env();
  Environment& environment = Environment::of(env);
  context_ = std::move(environment.new_context);
  if (!context_) throw coded_error(env, Failure("NATIVE_INVALID_ARGUMENT", "A Context comes from model.createContext().", {{"argument", std::string("new Context")}}));
  info.This().As<Napi::Object>().TypeTag(&kContextTag);
  Napi::Object facts = Napi::Object::New(env);
  facts.Set("model", environment.new_context_model);  // keeps the Model alive
  facts.Set("contextSize", context_->context_size());
  facts.Set("chunkSize", context_->chunk_size());
  facts.Set("threads", context_->threads());
  facts.Set("numerics", context_->strict() ? "strict" : "fast");
  facts.Set("memoryBytes", context_->memory_bytes());
  facts.Set("memory", memory_to_js(env, context_->memory()));
  facts_ = Napi::Persistent(facts);
  external_bytes_ = context_->model().sizes_only() ? 0 : static_cast<int64_t>(context_->memory_bytes());
  Napi::MemoryManagement::AdjustExternalMemory(env, external_bytes_);
}

ContextWrap::~ContextWrap() {
  if (external_bytes_ != 0) Napi::MemoryManagement::AdjustExternalMemory(Env(), -external_bytes_);
}

const std::shared_ptr<Context>& ContextWrap::idle() const {
  if (!context_) throw Failure("NATIVE_DISPOSED", "This Context was disposed.", {{"object", std::string("Context")}});
  if (busy_) throw Failure("NATIVE_BUSY", "This Context is busy: one call at a time.", {{"object", std::string("Context")}});
  return context_;
}

std::shared_ptr<Context> ContextWrap::begin() {
  std::shared_ptr<Context> context = idle();
  busy_ = true;
  return context;
}

template <size_t Which>
Napi::Value ContextWrap::fact(const Napi::CallbackInfo&) {
  return facts_.Get(kFacts[Which]);
}

Napi::Value ContextWrap::disposed(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), !context_); }

Napi::Value ContextWrap::score(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    idle();
    Fields fields(info[0], "request", {"tokens", "from", "prefixLength", "topK"}, true);
    ScoreRequest request;
    request.tokens = fields.ids("tokens");
    auto n = static_cast<int32_t>(request.tokens.size());
    if (n < 2) invalid_argument("request.tokens", "needs at least two ids");
    request.from = fields.required_integer("from", 1, n - 1);
    request.prefix = fields.integer("prefixLength", 0, 0, n);
    request.top_k = fields.integer("topK", 10, 0, kMaxTopK);
    Napi::Value signal = signal_of(info, 1);
    return Operation::start(std::make_unique<ScoreOperation>(env, *this, std::move(request)), signal);
  });
}

Napi::Value ContextWrap::logits(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value { return LogitsWrap::create(env, *this, info[0], info[1]); });
}

Napi::Value ContextWrap::generate(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    idle();
    return start_generate(env, *this, info[0], info[1]);
  });
}

void ContextWrap::clear(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { idle()->clear(); });
}

void ContextWrap::dispose(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    if (!context_) return;
    idle();
    context_.reset();
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), -external_bytes_);
    external_bytes_ = 0;
  });
}

Napi::Value compare_pair(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    ContextWrap& reference = ContextWrap::from(info[0], "reference");
    ContextWrap& subject = ContextWrap::from(info[1], "subject");
    if (&reference == &subject) invalid_argument("subject", "is the same Context as reference; make a second one (of the same Model, if you like)");
    const Context& r = *reference.idle();
    const Context& s = *subject.idle();
    if (r.strict() != s.strict()) invalid_argument("subject", "has other numerics than reference");
    PairRequest request = read_pair_request(Fields(info[2], "request", {UNSHIFT_PAIR_FIELDS}, true));
    Napi::Value signal = signal_of(info, 3);
    return Operation::start(std::make_unique<PairOperation>(env, reference, subject, std::move(request)), signal);
  });
}

}  // namespace unshift::binding
