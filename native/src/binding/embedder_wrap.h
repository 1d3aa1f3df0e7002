/** The JavaScript class Embedder. */
#pragma once

#include <memory>

#include <napi.h>

#include "../session/embedder.h"

namespace unshift::binding {

class EmbedderWrap : public Napi::ObjectWrap<EmbedderWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::shared_ptr<Embedder> embedder, Napi::Object model);

  explicit EmbedderWrap(const Napi::CallbackInfo& info);
  ~EmbedderWrap() override;

  /** The embedder, marked busy until finished(). Throws NATIVE_DISPOSED, NATIVE_BUSY. JavaScript thread only, like all here. */
  std::shared_ptr<Embedder> begin();
  void finished() { busy_ = false; }

 private:
  const std::shared_ptr<Embedder>& idle() const;
  Napi::Value embed(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  Napi::Value disposed(const Napi::CallbackInfo& info);
  template <size_t Which>
  Napi::Value fact(const Napi::CallbackInfo& info);

  std::shared_ptr<Embedder> embedder_;
  Napi::ObjectReference facts_;
  bool busy_ = false;
  int64_t external_bytes_ = 0;
};

}  // namespace unshift::binding
