/** writeReferenceRows() and compareWithRows(): the two halves of comparePair. */
#pragma once

#include <napi.h>

namespace unshift::binding {

Napi::Value write_reference_rows(const Napi::CallbackInfo& info);
Napi::Value compare_with_rows(const Napi::CallbackInfo& info);

}  // namespace unshift::binding
