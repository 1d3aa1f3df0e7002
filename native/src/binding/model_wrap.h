/** The JavaScript class Model, and loadModel(). */
#pragma once

#include <memory>
#include <vector>

#include <napi.h>

#include "../session/context.h"
#include "../session/model.h"

namespace unshift::binding {

class ModelWrap : public Napi::ObjectWrap<ModelWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::shared_ptr<Model> model);
  /** The wrap behind an argument; throws NATIVE_INVALID_ARGUMENT for anything else. */
  static ModelWrap& from(Napi::Value value, const std::string& name);

  explicit ModelWrap(const Napi::CallbackInfo& info);
  ~ModelWrap() override;

  /** Throws NATIVE_DISPOSED after dispose(). */
  const std::shared_ptr<Model>& model() const;

 private:
  Napi::Value encode(const Napi::CallbackInfo& info);
  Napi::Value token_bytes(const Napi::CallbackInfo& info);
  Napi::Value token_kind(const Napi::CallbackInfo& info);
  Napi::Value decode(const Napi::CallbackInfo& info);
  Napi::Value compare_vocabulary(const Napi::CallbackInfo& info);
  Napi::Value create_context(const Napi::CallbackInfo& info);
  Napi::Value create_embedder(const Napi::CallbackInfo& info);
  Napi::Value create_ranker(const Napi::CallbackInfo& info);
  /** Remembers what must be disposed before the model. */
  void hold(std::weak_ptr<void> user);
  Napi::Value file_hash(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);
  Napi::Value disposed(const Napi::CallbackInfo& info);
  /** Fixed facts, read once: they stay readable after dispose(). */
  template <size_t Which>
  Napi::Value fact(const Napi::CallbackInfo& info);

  std::shared_ptr<Model> model_;
  std::vector<std::weak_ptr<void>> users_;
  Napi::ObjectReference facts_;
  int64_t external_bytes_ = 0;
};

Napi::Value load_model(const Napi::CallbackInfo& info);

}  // namespace unshift::binding
