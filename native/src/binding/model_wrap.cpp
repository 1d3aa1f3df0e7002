#include "model_wrap.h"

#include <algorithm>

#include "context_wrap.h"
#include "embedder_wrap.h"
#include "environment.h"
#include "operation.h"
#include "ranker_wrap.h"
#include "values.h"

namespace unshift::binding {
namespace {

constexpr napi_type_tag kModelTag = {0x6d0f3c7a9b5e4a11, 0x8f42d7c1e6b90a35};

constexpr const char* kFacts[] = {"path",    "metadata",      "description", "parameters", "sizeBytes", "trainedContext", "embeddingSize",
                                  "layers",  "recurrent",     "chatTemplate", "vocabulary", "memory"};

Napi::Object vocabulary_to_js(Napi::Env env, const Vocabulary& vocabulary) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("size", vocabulary.size());
  object.Set("type", vocabulary.type());
  object.Set("bos", vocabulary.bos());
  object.Set("eos", vocabulary.eos());
  object.Set("eot", vocabulary.eot());
  object.Set("unknown", vocabulary.unknown());
  object.Set("newline", vocabulary.newline());
  object.Set("separator", vocabulary.separator());
  object.Set("addBos", vocabulary.add_bos());
  object.Set("addEos", vocabulary.add_eos());
  object.Set("addSeparator", vocabulary.add_separator());
  const std::vector<int32_t>& ending = vocabulary.end_of_generation();
  Napi::Array ids = Napi::Array::New(env, ending.size());
  for (size_t i = 0; i < ending.size(); i++) ids.Set(static_cast<uint32_t>(i), ending[i]);
  object.Set("endOfGeneration", frozen(ids));
  object.Set("hash", vocabulary.hash());
  return frozen(object);
}

Napi::Object facts_of(Napi::Env env, const Model& model) {
  Napi::Object facts = Napi::Object::New(env);
  Napi::Object metadata = Napi::Object::New(env);
  for (const auto& [key, value] : model.metadata()) metadata.Set(key, value);
  facts.Set("path", model.path());
  facts.Set("metadata", frozen(metadata));
  facts.Set("description", model.description());
  facts.Set("parameters", model.parameters());
  facts.Set("sizeBytes", model.size_bytes());
  facts.Set("trainedContext", model.trained_context());
  facts.Set("embeddingSize", model.embedding_size());
  facts.Set("layers", model.layers());
  facts.Set("recurrent", model.recurrent());
  const char* chat_template = model.chat_template();
  facts.Set("chatTemplate", chat_template ? Napi::Value(Napi::String::New(env, chat_template)) : env.Null());
  facts.Set("vocabulary", vocabulary_to_js(env, model.vocabulary()));
  facts.Set("memory", memory_to_js(env, model.memory()));
  return facts;
}

class LoadOperation : public Operation {
 public:
  LoadOperation(Napi::Env env, std::string path, LoadSettings settings, Napi::Function on_progress)
      : Operation(env, "loadModel"), path_(std::move(path)), settings_(std::move(settings)), log_(Environment::of(env).log) {
    if (on_progress.IsEmpty()) return;
    on_progress_ = Napi::Persistent(on_progress);
    settings_.on_progress = [this](float share) {
      if (!throttle_.passes(share)) return;
      post([this, share](Napi::Env env) { on_progress_.Call({Napi::Number::New(env, share)}); });
    };
  }

 protected:
  void compute() override { model_ = Model::load(path_, settings_, abort_flag(), log_); }
  Napi::Value to_js(Napi::Env env) override { return ModelWrap::create(env, std::move(model_)); }

 private:
  std::string path_;
  LoadSettings settings_;
  std::shared_ptr<const LogSink> log_;
  Napi::FunctionReference on_progress_;
  Throttle throttle_;
  std::shared_ptr<Model> model_;
};

class HashOperation : public Operation {
 public:
  HashOperation(Napi::Env env, std::vector<std::string> files, Napi::Function on_progress) : Operation(env, "fileHash"), files_(std::move(files)) {
    if (!on_progress.IsEmpty()) on_progress_ = Napi::Persistent(on_progress);
  }

 protected:
  void compute() override {
    hash_ = hash_files(files_, abort_flag(), [this](float share) {
      if (on_progress_.IsEmpty() || !throttle_.passes(share)) return;
      post([this, share](Napi::Env env) { on_progress_.Call({Napi::Number::New(env, share)}); });
    });
  }
  Napi::Value to_js(Napi::Env env) override { return Napi::String::New(env, hash_); }

 private:
  std::vector<std::string> files_;
  Napi::FunctionReference on_progress_;
  Throttle throttle_;
  std::string hash_;
};

Split check_split(Napi::Value value, const std::string& name) {
  std::string mode = check_string(value, name);
  if (mode == "layer") return Split::layer;
  if (mode == "row") return Split::row;
  if (mode == "none") return Split::none;
  invalid_argument(name, "must be \"layer\", \"row\" or \"none\"");
}

int32_t check_id(const Model& model, Napi::Value value, const std::string& name) {
  return check_integer(value, name, 0, model.vocabulary().size() - 1);
}

}  // namespace

Napi::Value load_model(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    std::string path = check_string(info[0], "path");
    Fields options(info[1], "options", {"signal", "vocabOnly", "sizesOnly", "gpuLayers", "devices", "rpc", "tensorSplit", "splitMode", "mainGpu", "mmap", "onProgress"});
    LoadSettings settings;
    settings.vocab_only = options.boolean("vocabOnly", false);
    settings.mmap = options.boolean("mmap", true);
    settings.gpu_layers = options.integer("gpuLayers", -1, -1, 1 << 20);
    settings.sizes_only = options.boolean("sizesOnly", false);
    if (options.has("devices")) settings.devices = options.strings("devices");
    for (const std::string& device : settings.devices.value_or(std::vector<std::string>())) find_device(device);
    settings.rpc = options.strings("rpc");
    settings.main_gpu = options.integer("mainGpu", 0, 0, 1 << 10);
    if (options.has("splitMode")) settings.split = check_split(options.get("splitMode"), options.path("splitMode"));
    if (options.has("tensorSplit")) {
      Napi::Value split = options.get("tensorSplit");
      if (!split.IsArray()) invalid_argument(options.path("tensorSplit"), "must be an array of numbers");
      Napi::Array list = split.As<Napi::Array>();
      for (uint32_t i = 0; i < list.Length(); i++) {
        settings.tensor_split.push_back(static_cast<float>(check_number(list.Get(i), options.path("tensorSplit"), 0, 1e6)));
      }
    }
    Napi::Function on_progress = options.function("onProgress");
    Napi::Value signal = options.has("signal") ? options.get("signal") : env.Undefined();
    return Operation::start(std::make_unique<LoadOperation>(env, path, settings, on_progress), signal);
  });
}

Napi::Function ModelWrap::define(Napi::Env env) {
  return DefineClass(env, "Model",
                     {InstanceAccessor<&ModelWrap::fact<0>>(kFacts[0], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<1>>(kFacts[1], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<2>>(kFacts[2], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<3>>(kFacts[3], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<4>>(kFacts[4], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<5>>(kFacts[5], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<6>>(kFacts[6], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<7>>(kFacts[7], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<8>>(kFacts[8], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<9>>(kFacts[9], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<10>>(kFacts[10], napi_enumerable),
                      InstanceAccessor<&ModelWrap::fact<11>>(kFacts[11], napi_enumerable),
                      InstanceAccessor<&ModelWrap::disposed>("disposed", napi_enumerable),
                      InstanceMethod<&ModelWrap::encode>("encode"),
                      InstanceMethod<&ModelWrap::token_bytes>("tokenBytes"),
                      InstanceMethod<&ModelWrap::token_kind>("tokenKind"),
                      InstanceMethod<&ModelWrap::decode>("decode"),
                      InstanceMethod<&ModelWrap::compare_vocabulary>("compareVocabulary"),
                      InstanceMethod<&ModelWrap::create_context>("createContext"),
                      InstanceMethod<&ModelWrap::create_embedder>("createEmbedder"),
                      InstanceMethod<&ModelWrap::create_ranker>("createRanker"),
                      InstanceMethod<&ModelWrap::file_hash>("fileHash"),
                      InstanceMethod<&ModelWrap::dispose>("dispose")});
}

Napi::Object ModelWrap::create(Napi::Env env, std::shared_ptr<Model> model) {
  Environment& environment = Environment::of(env);
  environment.new_model = std::move(model);
  return environment.model_constructor.New({});
}

ModelWrap& ModelWrap::from(Napi::Value value, const std::string& name) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kModelTag)) invalid_argument(name, "must be a Model");
  return *Unwrap(value.As<Napi::Object>());
}

ModelWrap::ModelWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ModelWrap>(info) {
  Napi::Env env = info.Env();
  model_ = std::move(Environment::of(env).new_model);
  if (!model_) throw coded_error(env, Failure("NATIVE_INVALID_ARGUMENT", "A Model comes from loadModel().", {{"argument", std::string("new Model")}}));
  info.This().As<Napi::Object>().TypeTag(&kModelTag);
  facts_ = Napi::Persistent(facts_of(env, *model_));
  external_bytes_ = model_->sizes_only() ? 0 : static_cast<int64_t>(model_->size_bytes());
  Napi::MemoryManagement::AdjustExternalMemory(env, external_bytes_);
}

ModelWrap::~ModelWrap() {
  if (external_bytes_ != 0) Napi::MemoryManagement::AdjustExternalMemory(Env(), -external_bytes_);
}

const std::shared_ptr<Model>& ModelWrap::model() const {
  if (!model_) throw Failure("NATIVE_DISPOSED", "This Model was disposed.", {{"object", std::string("Model")}});
  return model_;
}

template <size_t Which>
Napi::Value ModelWrap::fact(const Napi::CallbackInfo&) {
  return facts_.Get(kFacts[Which]);
}

Napi::Value ModelWrap::disposed(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), !model_); }

Napi::Value ModelWrap::encode(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    std::string text = check_string(info[0], "text");
    Fields options(info[1], "options", {"addBos", "parseSpecial", "framed"});
    if (options.boolean("framed", false)) {
      if (options.has("addBos") || options.has("parseSpecial")) invalid_argument(options.path("framed"), "goes with neither addBos nor parseSpecial");
      return int32_array(info.Env(), model()->vocabulary().encode_framed(text));
    }
    return int32_array(info.Env(), model()->vocabulary().encode(text, options.boolean("addBos", false), options.boolean("parseSpecial", false)));
  });
}

Napi::Value ModelWrap::token_bytes(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    std::string_view bytes = model()->vocabulary().bytes(check_id(*model(), info[0], "id"));
    Napi::Uint8Array array = Napi::Uint8Array::New(info.Env(), bytes.size());
    if (!bytes.empty()) std::memcpy(array.Data(), bytes.data(), bytes.size());
    return array;
  });
}

Napi::Value ModelWrap::token_kind(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    return Napi::String::New(info.Env(), token_kind_name(model()->vocabulary().kind(check_id(*model(), info[0], "id"))));
  });
}

Napi::Value ModelWrap::decode(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    std::vector<int32_t> ids = check_ids(info[0], "ids", true);
    Fields options(info[1], "options", {"special"});
    const Vocabulary& vocabulary = model()->vocabulary();
    for (size_t i = 0; i < ids.size(); i++) {
      if (!vocabulary.holds(ids[i])) invalid_argument("ids[" + std::to_string(i) + "]", "is " + std::to_string(ids[i]) + ", not an id of this vocabulary");
    }
    return Napi::String::New(info.Env(), vocabulary.decode(ids.data(), ids.size(), options.boolean("special", false)));
  });
}

Napi::Value ModelWrap::compare_vocabulary(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    const Vocabulary& reference = model()->vocabulary();
    const Vocabulary& subject = from(info[0], "subject").model()->vocabulary();
    VocabularyComparison comparison = compare_vocabularies(reference, subject);
    Napi::Object object = Napi::Object::New(env);
    object.Set("relation", relation_name(comparison.relation));
    object.Set("commonSize", comparison.common_size);
    object.Set("referenceSize", reference.size());
    object.Set("subjectSize", subject.size());
    object.Set("referenceHash", reference.hash());
    object.Set("subjectHash", subject.hash());
    object.Set("firstDifference", comparison.first_difference);
    object.Set("referenceToken", comparison.reference_token);
    object.Set("subjectToken", comparison.subject_token);
    return frozen(object);
  });
}

Napi::Value ModelWrap::create_context(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    Fields options(info[0], "options", {"contextSize", "chunkSize", "sequences", "threads", "numerics"});
    ContextSettings settings;
    settings.context_size = options.integer("contextSize", 0, 1, 1 << 26);
    settings.chunk_size = options.integer("chunkSize", 512, 1, 1 << 16);
    settings.sequences = options.integer("sequences", 1, 1, 1 << 12);
    settings.threads = options.integer("threads", 0, 1, 512);
    if (options.has("numerics")) {
      std::string numerics = check_string(options.get("numerics"), options.path("numerics"));
      if (numerics != "strict" && numerics != "fast") invalid_argument(options.path("numerics"), "must be \"strict\" or \"fast\"");
      settings.strict = numerics == "strict";
    }
    auto context = std::make_shared<Context>(model(), settings, Environment::of(env).log);
    hold(context);
    return ContextWrap::create(env, std::move(context), Value());
  });
}

Napi::Value ModelWrap::create_embedder(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    Fields options(info[0], "options", {"contextSize", "threads", "pooling"});
    EmbedderSettings settings;
    settings.context_size = options.integer("contextSize", 0, 1, 1 << 26);
    settings.threads = options.integer("threads", 0, 1, 512);
    if (options.has("pooling") && !options.get("pooling").IsNull()) {
      std::string wanted = check_string(options.get("pooling"), options.path("pooling"));
      for (Pooling pooling : {Pooling::mean, Pooling::last, Pooling::cls}) {
        if (wanted == pooling_name(pooling)) settings.pooling = pooling;
      }
      if (!settings.pooling) invalid_argument(options.path("pooling"), "must be \"mean\", \"last\", \"cls\" or null");
    }
    auto embedder = std::make_shared<Embedder>(model(), settings, Environment::of(env).log);
    hold(embedder);
    return EmbedderWrap::create(env, std::move(embedder), Value());
  });
}

Napi::Value ModelWrap::create_ranker(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    Fields options(info[0], "options", {"contextSize", "threads"});
    RankerSettings settings;
    settings.context_size = options.integer("contextSize", 0, 1, 1 << 26);
    settings.threads = options.integer("threads", 0, 1, 512);
    auto ranker = std::make_shared<Ranker>(model(), settings, Environment::of(env).log);
    hold(ranker);
    return RankerWrap::create(env, std::move(ranker), Value());
  });
}

void ModelWrap::hold(std::weak_ptr<void> user) {
  users_.erase(std::remove_if(users_.begin(), users_.end(), [](const auto& old) { return old.expired(); }), users_.end());
  users_.push_back(std::move(user));
}

Napi::Value ModelWrap::file_hash(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    Fields options(info[0], "options", {"signal", "onProgress"});
    Napi::Value signal = options.has("signal") ? options.get("signal") : env.Undefined();
    return Operation::start(std::make_unique<HashOperation>(env, model()->files(), options.function("onProgress")), signal);
  });
}

void ModelWrap::dispose(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    if (!model_) return;
    for (const auto& user : users_) {
      // What lies on a server that is gone is given up: an abandoned computation may hold it for ever.
      if (!user.expired() && !model_->unreachable()) throw Failure("NATIVE_BUSY", "This Model still has contexts, embedders or rankers: dispose them first.", {{"object", std::string("Model")}});
    }
    model_.reset();
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), -external_bytes_);
    external_bytes_ = 0;
  });
}

}  // namespace unshift::binding
