#include "kernels_js.h"

#include <climits>

#include "../kernels/row.h"
#include "values.h"

namespace unshift::binding {
namespace {

void check_finite(kernels::RowFault fault, const char* what) {
  if (fault == kernels::RowFault::none) return;
  const char* found = fault == kernels::RowFault::not_a_number ? "NaN" : fault == kernels::RowFault::infinite ? "+Infinity" : "nothing but -Infinity";
  throw Failure("LOGITS_NOT_FINITE", std::string(what) + " holds " + found + ".", {{"argument", std::string(what)}, {"found", std::string(found)}});
}

Napi::Value row_statistics(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    Napi::Float32Array row = check_row(info[0], "row");
    size_t v = row.ElementLength();
    int32_t id = check_integer(info[1], "id", 0, static_cast<int32_t>(std::min<size_t>(v, INT_MAX) - 1));
    int32_t k = std::min<int32_t>(check_integer(info[2], "topK", 0, INT_MAX), static_cast<int32_t>(std::min<size_t>(v, INT_MAX)));
    kernels::RowStatistics statistics;
    check_finite(kernels::row_statistics(row.Data(), v, id, &statistics), "row");
    std::vector<int32_t> ids(static_cast<size_t>(k));
    std::vector<double> logprobs(static_cast<size_t>(k));
    kernels::top_k(row.Data(), v, statistics.log_sum_exp, k, ids.data(), logprobs.data());
    Napi::Object object = Napi::Object::New(env);
    object.Set("logprob", statistics.logprob);
    object.Set("rank", statistics.rank);
    object.Set("entropy", statistics.entropy);
    object.Set("logSumExp", statistics.log_sum_exp);
    object.Set("topIds", int32_array(env, ids));
    object.Set("topLogprobs", float64_array(env, logprobs));
    return object;
  });
}

Napi::Value pair_divergences(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  return guarded(env, [&]() -> Napi::Value {
    Napi::Float32Array reference = check_row(info[0], "reference"), subject = check_row(info[1], "subject");
    if (reference.ElementLength() != subject.ElementLength()) {
      invalid_argument("subject", "has " + std::to_string(subject.ElementLength()) + " logits, reference " + std::to_string(reference.ElementLength()));
    }
    kernels::RowSums sums;
    check_finite(kernels::row_sums(reference.Data(), reference.ElementLength(), &sums), "reference");
    kernels::PairDivergences divergences;
    check_finite(kernels::pair_divergences(reference.Data(), subject.Data(), reference.ElementLength(), &divergences), "subject");
    Napi::Object object = Napi::Object::New(env);
    object.Set("klReferenceSubject", divergences.kl_reference_subject);
    object.Set("klSubjectReference", divergences.kl_subject_reference);
    object.Set("js", divergences.js);
    object.Set("tv", divergences.tv);
    return object;
  });
}

}  // namespace

Napi::Object kernels_namespace(Napi::Env env) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("rowStatistics", Napi::Function::New<row_statistics>(env, "rowStatistics"));
  object.Set("pairDivergences", Napi::Function::New<pair_divergences>(env, "pairDivergences"));
  return frozen(object);
}

}  // namespace unshift::binding
