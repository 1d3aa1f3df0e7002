/**
 * What belongs to one JavaScript environment (the main thread or one worker): class constructors and the log callback.
 * Nothing of it is shared between environments.
 */
#pragma once

#include <memory>
#include <mutex>

#include <napi.h>

#include "../session/backend.h"
#include "../session/context.h"
#include "../session/embedder.h"
#include "../session/logits.h"
#include "../session/ranker.h"

namespace unshift::binding {

/** Carries log lines from any thread to the environment's callback. */
class LogChannel {
 public:
  ~LogChannel();
  /** Null silences. JavaScript thread only. */
  void set(Napi::Env env, Napi::Value callback);
  void send(int level, const std::string& text);

 private:
  void close();
  static void on_cleanup(void* channel);

  std::mutex mutex_;
  napi_env env_ = nullptr;
  napi_threadsafe_function function_ = nullptr;
};

struct Environment {
  static Environment& of(Napi::Env env);

  Environment();

  Napi::FunctionReference model_constructor;
  Napi::FunctionReference context_constructor;
  Napi::FunctionReference embedder_constructor;
  Napi::FunctionReference ranker_constructor;
  Napi::FunctionReference logits_constructor;
  std::shared_ptr<LogChannel> log_channel;
  std::shared_ptr<const LogSink> log;

  /** What the constructors wrap; they refuse to be called by anyone but us. */
  std::shared_ptr<Model> new_model;
  std::shared_ptr<Context> new_context;
  Napi::Object new_context_model;
  std::shared_ptr<Embedder> new_embedder;
  Napi::Object new_embedder_model;
  std::shared_ptr<Ranker> new_ranker;
  Napi::Object new_ranker_model;
  std::shared_ptr<LogitsStream> new_logits;
};

}  // namespace unshift::binding
