#include "environment.h"

#include "values.h"

namespace unshift::binding {
namespace {

struct LogLine {
  int level;
  std::string text;
};

void deliver(napi_env env, napi_value callback, void*, void* data) {
  std::unique_ptr<LogLine> line(static_cast<LogLine*>(data));
  if (!env || !callback) return;
  Napi::HandleScope scope(env);
  try {
    Napi::Function(env, callback).Call({Napi::Number::New(env, line->level), Napi::String::New(env, line->text)});
  } catch (const Napi::Error& error) {
    // The user's callback threw: as with any listener, that is an uncaught exception.
    napi_fatal_exception(env, error.Value());
  }
}

}  // namespace

LogChannel::~LogChannel() {
  if (function_) napi_remove_env_cleanup_hook(env_, on_cleanup, this);
  close();
}

void LogChannel::set(Napi::Env env, Napi::Value callback) {
  if (!callback.IsNull() && !callback.IsFunction()) invalid_argument("callback", "must be a function or null");
  if (function_) napi_remove_env_cleanup_hook(env_, on_cleanup, this);
  close();
  if (callback.IsNull()) return;
  napi_threadsafe_function function = nullptr;
  napi_status status = napi_create_threadsafe_function(env, callback, nullptr, Napi::String::New(env, "unshift:log"), 0, 1, nullptr, nullptr,
                                                       nullptr, deliver, &function);
  if (status != napi_ok) throw Napi::Error::New(env);
  napi_unref_threadsafe_function(env, function);  // a log callback keeps no process alive
  env_ = env;
  // Hooks run in reverse order: the channel closes before the environment tears the function down.
  napi_add_env_cleanup_hook(env, on_cleanup, this);
  std::lock_guard<std::mutex> lock(mutex_);
  function_ = function;
}

void LogChannel::close() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (function_) napi_release_threadsafe_function(function_, napi_tsfn_abort);
  function_ = nullptr;
}

void LogChannel::on_cleanup(void* channel) { static_cast<LogChannel*>(channel)->close(); }

void LogChannel::send(int level, const std::string& text) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!function_) return;
  auto line = std::make_unique<LogLine>(LogLine{level, text});
  if (napi_call_threadsafe_function(function_, line.get(), napi_tsfn_nonblocking) == napi_ok) line.release();
}

Environment& Environment::of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

Environment::Environment() : log_channel(std::make_shared<LogChannel>()) {
  // Sessions outlive a change of callback: they hold the channel, which knows the current one.
  std::weak_ptr<LogChannel> channel = log_channel;
  log = std::make_shared<const LogSink>([channel](int level, const std::string& text) {
    if (auto open = channel.lock()) open->send(level, text);
  });
}

}  // namespace unshift::binding
