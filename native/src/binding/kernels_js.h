/** The namespace `kernels`: the kernels on rows given from JavaScript. */
#pragma once

#include <napi.h>

namespace unshift::binding {

Napi::Object kernels_namespace(Napi::Env env);

}  // namespace unshift::binding
