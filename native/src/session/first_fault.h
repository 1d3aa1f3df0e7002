/** What is wrong with a row, as an error that names the position. */
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "../kernels/row.h"
#include "model.h"

namespace unshift {

/** Throws LOGITS_NOT_FINITE naming the position unless the fault is none. */
void check_fault(kernels::RowFault fault, size_t position, const Model& model);

/** The first fault among rows reduced in parallel, by position. */
class FirstFault {
 public:
  void note(size_t position, kernels::RowFault fault) {
    if (fault == kernels::RowFault::none) return;
    uint64_t mine = static_cast<uint64_t>(position) << 8 | static_cast<uint64_t>(fault), seen = first_.load();
    while (mine < seen && !first_.compare_exchange_weak(seen, mine)) {
    }
  }
  void check(const Model& model) const {
    uint64_t first = first_.load();
    if (first != UINT64_MAX) check_fault(static_cast<kernels::RowFault>(first & 0xff), first >> 8, model);
  }

 private:
  std::atomic<uint64_t> first_{UINT64_MAX};
};

}  // namespace unshift
