#include "first_fault.h"

#include <string>

#include "failure.h"

namespace unshift {

void check_fault(kernels::RowFault fault, size_t position, const Model& model) {
  if (fault == kernels::RowFault::none) return;
  const char* what = fault == kernels::RowFault::not_a_number ? "NaN" : fault == kernels::RowFault::infinite ? "an infinity" : "only masked ids";
  throw Failure("LOGITS_NOT_FINITE",
                model.path() + " gave " + what + " among the logits of position " + std::to_string(position) + ": the file may be damaged, or its activations overflow in this precision.",
                {{"path", model.path()}, {"position", static_cast<double>(position)}, {"found", std::string(what)}});
}

}  // namespace unshift
