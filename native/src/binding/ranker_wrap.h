/** The JavaScript class Ranker. */
#pragma once

#include <memory>

#include <napi.h>

#include "../session/ranker.h"

namespace unshift::binding {

class RankerWrap : public Napi::ObjectWrap<RankerWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::shared_ptr<Ranker> ranker, Napi::Object model);

  explicit RankerWrap(const Napi::CallbackInfo& info);
  ~RankerWrap() override;

  /** The ranker, marked busy until finished(). Throws NATIVE_DISPOSED, NATIVE_BUSY. JavaScript thread only, like all here. */
  std::shared_ptr<Ranker> begin();
  void finished() { busy_ = false; }

 private:
  const std::shared_ptr<Ranker>& idle() const;
  Napi::Value score(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  Napi::Value disposed(const Napi::CallbackInfo& info);
  template <size_t Which>
  Napi::Value fact(const Napi::CallbackInfo& info);

  std::shared_ptr<Ranker> ranker_;
  Napi::ObjectReference facts_;
  bool busy_ = false;
  int64_t external_bytes_ = 0;
};

}  // namespace unshift::binding
