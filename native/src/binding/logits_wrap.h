/** The JavaScript class LogitsStream: what context.logits() gives. */
#pragma once

#include <memory>

#include <napi.h>

#include "../session/logits.h"
#include "context_wrap.h"

namespace unshift::binding {

class LogitsWrap : public Napi::ObjectWrap<LogitsWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  /** Checks the arguments of context.logits(); `context` is idle. */
  static Napi::Object create(Napi::Env env, ContextWrap& context, Napi::Value request, Napi::Value options);

  explicit LogitsWrap(const Napi::CallbackInfo& info);

  /** After a block came: what `remaining` says from now on. */
  void taken() { remaining_ = static_cast<double>(stream_->remaining()); }

 private:
  Napi::Value next(const Napi::CallbackInfo& info);
  Napi::Value remaining(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), remaining_); }

  std::shared_ptr<LogitsStream> stream_;
  Napi::ObjectReference context_;
  Napi::Reference<Napi::Value> signal_;
  double remaining_ = 0;
};

}  // namespace unshift::binding
