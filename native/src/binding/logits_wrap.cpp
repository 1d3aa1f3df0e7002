#include "logits_wrap.h"

#include <numeric>

#include "environment.h"
#include "operation.h"
#include "values.h"

namespace unshift::binding {
namespace {

/** Rows as an array buffer that owns them; V8 hears how large it is, and that it is gone. */
Napi::ArrayBuffer buffer_of(Napi::Env env, LogitsBlock& block) {
  struct Rows {
    std::unique_ptr<uint8_t[]> values;
    int64_t bytes;
  };
  auto rows = std::make_unique<Rows>(Rows{std::move(block.values), static_cast<int64_t>(block.bytes)});
  auto finalize = [](napi_env env, void*, void* hint) {
    std::unique_ptr<Rows> rows(static_cast<Rows*>(hint));
    int64_t total;
    napi_adjust_external_memory(env, -rows->bytes, &total);
  };
  napi_value buffer;
  napi_status status = napi_create_external_arraybuffer(env, rows->values.get(), block.bytes, finalize, rows.get(), &buffer);
  if (status == napi_ok) {
    Napi::MemoryManagement::AdjustExternalMemory(env, rows->bytes);
    rows.release();  // finalize deletes it
    return Napi::ArrayBuffer(env, buffer);
  }
  // An engine that keeps all memory in a cage of its own takes no foreign buffers.
  Napi::ArrayBuffer copy = Napi::ArrayBuffer::New(env, block.bytes);
  std::memcpy(copy.Data(), rows->values.get(), block.bytes);
  return copy;
}

class LogitsOperation : public Operation {
 public:
  LogitsOperation(Napi::Env env, ContextWrap& context, LogitsWrap& wrap, std::shared_ptr<LogitsStream> stream)
      : Operation(env, "logits"), context_wrap_(context), wrap_(wrap), stream_(std::move(stream)) {
    context_ = context.begin();
    keep(context.Value());
    keep(wrap.Value());
  }

 protected:
  void compute() override { block_ = stream_->next(*context_, abort_flag()); }

  Napi::Value to_js(Napi::Env env) override {
    wrap_.taken();
    if (block_.rows.empty()) return env.Null();
    Napi::Object object = Napi::Object::New(env);
    object.Set("rows", int32_array(env, block_.rows));
    size_t bytes = block_.bytes;
    Napi::ArrayBuffer buffer = buffer_of(env, block_);
    object.Set("values", stream_->half() ? Napi::Value(Napi::Uint16Array::New(env, bytes / 2, buffer, 0)) : Napi::Float32Array::New(env, bytes / 4, buffer, 0));
    object.Set("reusedTokens", block_.reused);
    object.Set("decodedTokens", block_.decoded);
    return object;
  }

  void release() override { context_wrap_.finished(); }

 private:
  ContextWrap& context_wrap_;
  LogitsWrap& wrap_;
  std::shared_ptr<LogitsStream> stream_;
  std::shared_ptr<Context> context_;
  LogitsBlock block_;
};

LogitsRequest read_request(Napi::Value value) {
  Fields fields(value, "request", {"tokens", "from", "rows", "prefixLength", "dtype", "logProbabilities", "raw", "blockBytes"}, true);
  LogitsRequest request;
  request.tokens = fields.ids("tokens");
  auto n = static_cast<int32_t>(request.tokens.size());
  if (n < 1) invalid_argument("request.tokens", "needs at least one id");
  request.from = fields.required_integer("from", 0, n - 1);
  request.prefix = fields.integer("prefixLength", 0, 0, n);
  if (fields.has("rows")) {
    request.rows = fields.ids("rows");
    for (size_t i = 0; i < request.rows.size(); i++) {
      std::string at = "request.rows[" + std::to_string(i) + "]";
      if (request.rows[i] < request.from || request.rows[i] >= n) {
        invalid_argument(at, "is " + std::to_string(request.rows[i]) + "; rows run from `from`, " + std::to_string(request.from) + ", to " + std::to_string(n - 1));
      }
      if (i > 0 && request.rows[i] <= request.rows[i - 1]) invalid_argument(at, "is not larger than the one before");
    }
  } else {
    request.rows.resize(static_cast<size_t>(n - request.from));
    std::iota(request.rows.begin(), request.rows.end(), request.from);
  }
  if (fields.has("dtype")) {
    std::string dtype = check_string(fields.get("dtype"), "request.dtype");
    if (dtype != "f32" && dtype != "f16") invalid_argument("request.dtype", "is \"" + dtype + "\"; there are: f32, f16");
    request.half = dtype == "f16";
  }
  request.log_probabilities = fields.boolean("logProbabilities", false);
  request.raw = fields.boolean("raw", false);
  if (request.raw && request.log_probabilities) invalid_argument("request.raw", "and logProbabilities exclude each other: a row that may hold NaN has no sum");
  request.block_bytes = fields.number("blockBytes", request.block_bytes, 1, 1e15);
  return request;
}

}  // namespace

Napi::Function LogitsWrap::define(Napi::Env env) {
  return DefineClass(env, "LogitsStream",
                     {InstanceAccessor<&LogitsWrap::remaining>("remaining", napi_enumerable), InstanceMethod<&LogitsWrap::next>("next")});
}

Napi::Object LogitsWrap::create(Napi::Env env, ContextWrap& context, Napi::Value request, Napi::Value options) {
  Fields call(options, "options", {"signal"});
  Napi::Value signal = call.has("signal") ? call.get("signal") : env.Undefined();
  Environment& environment = Environment::of(env);
  environment.new_logits = std::make_shared<LogitsStream>(*context.idle(), read_request(request));
  Napi::Object object = environment.logits_constructor.New({context.Value(), signal});
  return object;
}

LogitsWrap::LogitsWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<LogitsWrap>(info) {
  Environment& environment = Environment::of(info.Env());
  stream_ = std::move(environment.new_logits);
  if (!stream_) throw coded_error(info.Env(), Failure("NATIVE_INVALID_ARGUMENT", "A LogitsStream comes from context.logits().", {{"argument", std::string("new LogitsStream")}}));
  context_ = Napi::Persistent(info[0].As<Napi::Object>());
  if (info[1].IsObject()) signal_ = Napi::Reference<Napi::Value>::New(info[1], 1);
  else if (!info[1].IsUndefined()) throw coded_error(info.Env(), Failure("NATIVE_INVALID_ARGUMENT", "signal must be an AbortSignal.", {{"argument", std::string("signal")}}));
  taken();
}

Napi::Value LogitsWrap::next(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    ContextWrap& context = ContextWrap::from(context_.Value(), "context");
    context.idle();
    Napi::Value signal = signal_.IsEmpty() ? env.Undefined() : signal_.Value();
    return Operation::start(std::make_unique<LogitsOperation>(env, context, *this, stream_), signal);
  });
}

}  // namespace unshift::binding
