/** The JavaScript class Context, and comparePair(). */
#pragma once

#include <memory>

#include <napi.h>

#include "../session/context.h"

namespace unshift::binding {

class ContextWrap : public Napi::ObjectWrap<ContextWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::shared_ptr<Context> context, Napi::Object model);
  static ContextWrap& from(Napi::Value value, const std::string& name);

  explicit ContextWrap(const Napi::CallbackInfo& info);
  ~ContextWrap() override;

  /** The context, marked busy until finished(). Throws NATIVE_DISPOSED, NATIVE_BUSY. JavaScript thread only, like all here. */
  std::shared_ptr<Context> begin();
  void finished() { busy_ = false; }
  /** Throws what begin() would. */
  const std::shared_ptr<Context>& idle() const;

 private:
  Napi::Value score(const Napi::CallbackInfo& info);
  Napi::Value logits(const Napi::CallbackInfo& info);
  Napi::Value generate(const Napi::CallbackInfo& info);
  void clear(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  Napi::Value disposed(const Napi::CallbackInfo& info);
  template <size_t Which>
  Napi::Value fact(const Napi::CallbackInfo& info);

  std::shared_ptr<Context> context_;
  Napi::ObjectReference facts_;
  bool busy_ = false;
  int64_t external_bytes_ = 0;
};

Napi::Value compare_pair(const Napi::CallbackInfo& info);

}  // namespace unshift::binding
