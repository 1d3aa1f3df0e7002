/** What the addon exports; index.d.ts is its contract, scripts/check-contract.mjs compares the two. */
#include <napi.h>

#include "../kernels/row.h"
#include "../session/backend.h"
#include "context_wrap.h"
#include "embedder_wrap.h"
#include "environment.h"
#include "kernels_js.h"
#include "llama.h"
#include "logits_wrap.h"
#include "model_wrap.h"
#include "operation.h"
#include "ranker_wrap.h"
#include "split_pair_operation.h"
#include "values.h"

namespace unshift::binding {
namespace {

Napi::Value info(const Napi::CallbackInfo& call) {
  Napi::Env env = call.Env();
  return guarded(env, [&]() -> Napi::Value {
    ensure_backend();
    Napi::Object object = Napi::Object::New(env);
    object.Set("llamaVersion", UNSHIFT_LLAMA_VERSION);
    object.Set("llamaCommit", UNSHIFT_LLAMA_COMMIT);
    object.Set("gpu", UNSHIFT_GPU);
    object.Set("systemInfo", llama_print_system_info());
    std::vector<DeviceInfo> found = list_devices();
    Napi::Array devices = Napi::Array::New(env, found.size());
    for (size_t i = 0; i < found.size(); i++) {
      Napi::Object device = Napi::Object::New(env);
      device.Set("name", found[i].name);
      device.Set("description", found[i].description);
      device.Set("type", found[i].type);
      device.Set("freeBytes", found[i].free_bytes);
      device.Set("totalBytes", found[i].total_bytes);
      devices.Set(static_cast<uint32_t>(i), frozen(device));
    }
    object.Set("devices", frozen(devices));
    object.Set("kernels", kernels::instruction_set());
    object.Set("defaultThreads", default_threads());
    return frozen(object);
  });
}

void set_log(const Napi::CallbackInfo& call) {
  guarded(call.Env(), [&] { Environment::of(call.Env()).log_channel->set(call.Env(), call[0]); });
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  auto* environment = new Environment();
  env.SetInstanceData(environment);
  environment->model_constructor = Napi::Persistent(ModelWrap::define(env));
  environment->context_constructor = Napi::Persistent(ContextWrap::define(env));
  environment->embedder_constructor = Napi::Persistent(EmbedderWrap::define(env));
  environment->ranker_constructor = Napi::Persistent(RankerWrap::define(env));
  environment->logits_constructor = Napi::Persistent(LogitsWrap::define(env));
  exports.Set("info", Napi::Function::New<info>(env, "info"));
  exports.Set("setLog", Napi::Function::New<set_log>(env, "setLog"));
  exports.Set("loadModel", Napi::Function::New<load_model>(env, "loadModel"));
  exports.Set("comparePair", Napi::Function::New<compare_pair>(env, "comparePair"));
  exports.Set("writeReferenceRows", Napi::Function::New<write_reference_rows>(env, "writeReferenceRows"));
  exports.Set("compareWithRows", Napi::Function::New<compare_with_rows>(env, "compareWithRows"));
  exports.Set("kernels", kernels_namespace(env));
  // For load.mjs alone: when the process is about to exit, what still runs ends before any static is destroyed.
  exports.Set("abortAll", Napi::Function::New(env, [](const Napi::CallbackInfo&) { Operation::on_process_exit(); }, "abortAll"));
  return exports;
}

}  // namespace
}  // namespace unshift::binding

static Napi::Object initialise_addon(Napi::Env env, Napi::Object exports) { return unshift::binding::initialise(env, exports); }

NODE_API_MODULE(unshift, initialise_addon)
