/** context.generate(): requests in, generations out, with callbacks on the way. */
#pragma once

#include <napi.h>

#include "context_wrap.h"

namespace unshift::binding {

Napi::Promise start_generate(Napi::Env env, ContextWrap& wrap, Napi::Value requests, Napi::Value options);

}  // namespace unshift::binding
