/** Between JavaScript values and ours: checked arguments in, frozen objects, typed arrays and coded errors out. */
#pragma once

#include <cstring>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include <napi.h>

#include "../session/failure.h"
#include "../session/score.h"

namespace unshift::binding {

// --- errors ----------------------------------------------------------------------------------------------------------

/** An Error with `code` and frozen `details`. */
Napi::Error coded_error(Napi::Env env, const Failure& failure);

[[noreturn]] void invalid_argument(const std::string& argument, const std::string& what);

/** Runs `body`; a C++ exception becomes a coded JavaScript error. Every entry from JavaScript goes through here. */
template <typename Body>
auto guarded(Napi::Env env, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const Failure& failure) {
    throw coded_error(env, failure);
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw coded_error(env, Failure("CONTEXT_CREATE_FAILED", "Out of memory."));
  } catch (const std::exception& error) {
    throw coded_error(env, Failure("DECODE_FAILED", error.what()));
  }
}

// --- arguments -------------------------------------------------------------------------------------------------------

/** A named object argument: reads fields, names them in errors, refuses keys it does not know. */
class Fields {
 public:
  /** `value` may be undefined unless `required`. */
  Fields(Napi::Value value, std::string name, std::initializer_list<const char*> known, bool required = false);

  bool has(const char* key) const;
  Napi::Value get(const char* key) const;
  bool boolean(const char* key, bool fallback) const;
  double number(const char* key, double fallback, double low, double high) const;
  int32_t integer(const char* key, int32_t fallback, int32_t low, int32_t high) const;
  /** Throws unless the field is there. */
  int32_t required_integer(const char* key, int32_t low, int32_t high) const;
  std::vector<int32_t> ids(const char* key) const;
  std::vector<std::string> strings(const char* key) const;
  /** An empty function where the field is missing. */
  Napi::Function function(const char* key) const;
  std::string path(const char* key) const { return name_ + "." + key; }

 private:
  Napi::Object object_;
  std::string name_;
  bool present_ = false;
};

double check_number(Napi::Value value, const std::string& name, double low, double high);
int32_t check_integer(Napi::Value value, const std::string& name, int32_t low, int32_t high);
std::string check_string(Napi::Value value, const std::string& name);
/** An Int32Array; with `lists` also an array of numbers. */
std::vector<int32_t> check_ids(Napi::Value value, const std::string& name, bool lists = false);
Napi::Float32Array check_row(Napi::Value value, const std::string& name);

// --- results ---------------------------------------------------------------------------------------------------------

Napi::Float64Array float64_array(Napi::Env env, const std::vector<double>& values);
Napi::Int32Array int32_array(Napi::Env env, const std::vector<int32_t>& values);
Napi::Object frozen(Napi::Object object);
/** DeviceMemory[] of index.d.ts. */
Napi::Object memory_to_js(Napi::Env env, const std::vector<DeviceBytes>& memory);
Napi::Object columns_to_js(Napi::Env env, const Columns& columns);
Napi::Object pair_columns_to_js(Napi::Env env, const PairColumns& columns);

}  // namespace unshift::binding
