#include "values.h"

#include <cmath>
#include <variant>

namespace unshift::binding {

Napi::Error coded_error(Napi::Env env, const Failure& failure) {
  Napi::Error error = Napi::Error::New(env, failure.what());
  Napi::Object details = Napi::Object::New(env);
  for (const auto& [key, value] : failure.details()) {
    if (auto* text = std::get_if<std::string>(&value)) details.Set(key, Napi::String::New(env, *text));
    else if (auto* number = std::get_if<double>(&value)) details.Set(key, Napi::Number::New(env, *number));
    else details.Set(key, Napi::Boolean::New(env, std::get<bool>(value)));
  }
  error.Value().Set("code", Napi::String::New(env, failure.code()));
  error.Value().Set("details", frozen(details));
  return error;
}

void invalid_argument(const std::string& argument, const std::string& what) {
  throw Failure("NATIVE_INVALID_ARGUMENT", argument + " " + what + ".", {{"argument", argument}});
}

Fields::Fields(Napi::Value value, std::string name, std::initializer_list<const char*> known, bool required) : name_(std::move(name)) {
  if (value.IsUndefined() && !required) return;
  if (!value.IsObject() || value.IsArray() || value.IsFunction()) invalid_argument(name_, "must be an object");
  object_ = value.As<Napi::Object>();
  present_ = true;
  Napi::Array keys = object_.GetPropertyNames();
  for (uint32_t i = 0; i < keys.Length(); i++) {
    std::string key = keys.Get(i).ToString();
    bool found = false;
    std::string allowed;
    for (const char* candidate : known) {
      found |= key == candidate;
      allowed += (allowed.empty() ? "" : ", ") + std::string(candidate);
    }
    if (!found) invalid_argument(name_ + "." + key, "is not known here; there are: " + allowed);
  }
}

bool Fields::has(const char* key) const { return present_ && !object_.Get(key).IsUndefined(); }
Napi::Value Fields::get(const char* key) const { return object_.Get(key); }

bool Fields::boolean(const char* key, bool fallback) const {
  if (!has(key)) return fallback;
  Napi::Value value = get(key);
  if (!value.IsBoolean()) invalid_argument(path(key), "must be true or false");
  return value.As<Napi::Boolean>();
}

double Fields::number(const char* key, double fallback, double low, double high) const {
  return has(key) ? check_number(get(key), path(key), low, high) : fallback;
}

int32_t Fields::integer(const char* key, int32_t fallback, int32_t low, int32_t high) const {
  return has(key) ? check_integer(get(key), path(key), low, high) : fallback;
}

int32_t Fields::required_integer(const char* key, int32_t low, int32_t high) const {
  if (!has(key)) invalid_argument(path(key), "is missing");
  return check_integer(get(key), path(key), low, high);
}

std::vector<int32_t> Fields::ids(const char* key) const {
  if (!has(key)) invalid_argument(path(key), "is missing");
  return check_ids(get(key), path(key));
}

std::vector<std::string> Fields::strings(const char* key) const {
  std::vector<std::string> result;
  if (!has(key)) return result;
  Napi::Value value = get(key);
  if (!value.IsArray()) invalid_argument(path(key), "must be an array of strings");
  Napi::Array list = value.As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); i++) result.push_back(check_string(list.Get(i), path(key) + "[" + std::to_string(i) + "]"));
  return result;
}

Napi::Function Fields::function(const char* key) const {
  if (!has(key)) return Napi::Function();
  Napi::Value value = get(key);
  if (!value.IsFunction()) invalid_argument(path(key), "must be a function");
  return value.As<Napi::Function>();
}

double check_number(Napi::Value value, const std::string& name, double low, double high) {
  if (!value.IsNumber()) invalid_argument(name, "must be a number");
  double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= low && number <= high)) {
    char text[128];
    std::snprintf(text, sizeof text, "is %.15g; it may be %.15g to %.15g", number, low, high);
    invalid_argument(name, text);
  }
  return number;
}

int32_t check_integer(Napi::Value value, const std::string& name, int32_t low, int32_t high) {
  double number = check_number(value, name, low, high);
  if (number != std::floor(number)) invalid_argument(name, "must be a whole number");
  return static_cast<int32_t>(number);
}

std::string check_string(Napi::Value value, const std::string& name) {
  if (!value.IsString()) invalid_argument(name, "must be a string");
  return value.As<Napi::String>().Utf8Value();
}

std::vector<int32_t> check_ids(Napi::Value value, const std::string& name, bool lists) {
  if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_int32_array) {
    Napi::Int32Array array = value.As<Napi::Int32Array>();
    return std::vector<int32_t>(array.Data(), array.Data() + array.ElementLength());
  }
  if (!lists || !value.IsArray()) invalid_argument(name, lists ? "must be an Int32Array or an array of ids" : "must be an Int32Array");
  Napi::Array list = value.As<Napi::Array>();
  std::vector<int32_t> ids(list.Length());
  for (uint32_t i = 0; i < list.Length(); i++) ids[i] = check_integer(list.Get(i), name + "[" + std::to_string(i) + "]", INT32_MIN, INT32_MAX);
  return ids;
}

Napi::Float32Array check_row(Napi::Value value, const std::string& name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) invalid_argument(name, "must be a Float32Array");
  Napi::Float32Array row = value.As<Napi::Float32Array>();
  if (row.ElementLength() == 0) invalid_argument(name, "is empty");
  return row;
}

Napi::Float64Array float64_array(Napi::Env env, const std::vector<double>& values) {
  Napi::Float64Array array = Napi::Float64Array::New(env, values.size());
  if (!values.empty()) std::memcpy(array.Data(), values.data(), values.size() * sizeof(double));
  return array;
}

Napi::Int32Array int32_array(Napi::Env env, const std::vector<int32_t>& values) {
  Napi::Int32Array array = Napi::Int32Array::New(env, values.size());
  if (!values.empty()) std::memcpy(array.Data(), values.data(), values.size() * sizeof(int32_t));
  return array;
}

Napi::Object frozen(Napi::Object object) {
  object.Freeze();
  return object;
}

Napi::Object memory_to_js(Napi::Env env, const std::vector<DeviceBytes>& memory) {
  Napi::Array list = Napi::Array::New(env, memory.size());
  for (size_t i = 0; i < memory.size(); i++) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("device", memory[i].device);
    entry.Set("bytes", memory[i].bytes);
    list.Set(static_cast<uint32_t>(i), frozen(entry));
  }
  return frozen(list);
}

Napi::Object columns_to_js(Napi::Env env, const Columns& columns) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("logprob", float64_array(env, columns.logprob));
  object.Set("rank", int32_array(env, columns.rank));
  object.Set("entropy", float64_array(env, columns.entropy));
  object.Set("topIds", int32_array(env, columns.top_ids));
  object.Set("topLogprobs", float64_array(env, columns.top_logprobs));
  object.Set("topK", columns.top_k);
  object.Set("reusedTokens", columns.reused);
  object.Set("decodedTokens", columns.decoded);
  return object;
}

Napi::Object pair_columns_to_js(Napi::Env env, const PairColumns& columns) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("reference", columns_to_js(env, columns.reference));
  object.Set("subject", columns_to_js(env, columns.subject));
  object.Set("klReferenceSubject", float64_array(env, columns.kl_reference_subject));
  object.Set("klSubjectReference", float64_array(env, columns.kl_subject_reference));
  object.Set("js", float64_array(env, columns.js));
  object.Set("tv", float64_array(env, columns.tv));
  object.Set("referenceDroppedMass", columns.extended ? Napi::Value(float64_array(env, columns.reference_dropped)) : env.Null());
  object.Set("subjectDroppedMass", columns.extended ? Napi::Value(float64_array(env, columns.subject_dropped)) : env.Null());
  return object;
}

}  // namespace unshift::binding
