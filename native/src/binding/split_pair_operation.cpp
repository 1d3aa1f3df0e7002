#include "split_pair_operation.h"

#include <algorithm>

#include "../session/split_pair.h"
#include "context_wrap.h"
#include "model_wrap.h"
#include "operation.h"
#include "pair_request.h"

namespace unshift::binding {
namespace {

/** The side that is not there: its model, whose vocabulary is read, and the chunk size of its context. */
struct Absent {
  std::shared_ptr<Model> model;
  int32_t chunk_size;
};

class SplitOperation : public Operation {
 public:
  SplitOperation(Napi::Env env, const char* name, ContextWrap& wrap, Napi::Object other, Absent absent, SplitRequest request)
      : Operation(env, name), wrap_(wrap), absent_(std::move(absent)), request_(std::move(request)) {
    context_ = wrap.begin();
    keep(wrap.Value());
    keep(other);
  }

 protected:
  void release() override { wrap_.finished(); }

  ContextWrap& wrap_;
  std::shared_ptr<Context> context_;
  Absent absent_;
  SplitRequest request_;
};

class WriteOperation : public SplitOperation {
  using SplitOperation::SplitOperation;

 protected:
  void compute() override {
    written_ = unshift::write_reference_rows(*context_, {&absent_.model->vocabulary(), absent_.chunk_size}, request_, abort_flag());
  }
  Napi::Value to_js(Napi::Env env) override {
    Napi::Object object = Napi::Object::New(env);
    object.Set("bytes", written_.bytes);
    object.Set("roundingTv", written_.rounding.tv);
    object.Set("roundingKl", written_.rounding.kl);
    object.Set("reusedTokens", written_.reused);
    object.Set("decodedTokens", written_.decoded);
    return frozen(object);
  }

 private:
  WrittenRows written_;
};

class ReadOperation : public SplitOperation {
  using SplitOperation::SplitOperation;

 protected:
  void compute() override { split_ = unshift::compare_with_rows(*absent_.model, absent_.chunk_size, *context_, request_, abort_flag()); }
  Napi::Value to_js(Napi::Env env) override {
    Napi::Object object = Napi::Object::New(env);
    object.Set("columns", pair_columns_to_js(env, split_.columns));
    object.Set("roundingTv", split_.rounding.tv);
    object.Set("roundingKl", split_.rounding.kl);
    return frozen(object);
  }

 private:
  SplitColumns split_;
};

Absent read_absent(Napi::Value value, const char* name) {
  Fields fields(value, name, {"model", "chunkSize"}, true);
  if (!fields.has("model")) invalid_argument(fields.path("model"), "is missing");
  return {ModelWrap::from(fields.get("model"), fields.path("model")).model(), fields.required_integer("chunkSize", 1, 1 << 16)};
}

template <typename Half>
Napi::Value start(const Napi::CallbackInfo& info, const char* name, size_t present, const char* present_name, const char* absent_name) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    ContextWrap& context = ContextWrap::from(info[present], present_name);
    context.idle();
    Absent absent = read_absent(info[1 - present], absent_name);
    Fields fields(info[2], "request", {UNSHIFT_PAIR_FIELDS, "path", "precision"}, true);
    SplitRequest request{read_pair_request(fields), check_string(fields.get("path"), fields.path("path")), false};
    std::string precision = fields.has("precision") ? check_string(fields.get("precision"), fields.path("precision")) : "f32";
    if (precision != "f32" && precision != "f16") invalid_argument(fields.path("precision"), "must be \"f32\" or \"f16\"");
    request.half = precision == "f16";
    Fields options(info[3], "options", {"signal"});
    Napi::Value signal = options.has("signal") ? options.get("signal") : env.Undefined();
    Napi::Object other = info[1 - present].As<Napi::Object>();
    return Operation::start(std::make_unique<Half>(env, name, context, other, std::move(absent), std::move(request)), signal);
  });
}

}  // namespace

Napi::Value write_reference_rows(const Napi::CallbackInfo& info) {
  return start<WriteOperation>(info, "writeReferenceRows", 0, "reference", "subject");
}

Napi::Value compare_with_rows(const Napi::CallbackInfo& info) { return start<ReadOperation>(info, "compareWithRows", 1, "subject", "reference"); }

}  // namespace unshift::binding
