/**
 * The one exception of the session layer: a code of index.d.ts, a sentence for people and the facts behind it.
 */
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace unshift {

class Failure : public std::runtime_error {
 public:
  using Value = std::variant<std::string, double, bool>;
  using Details = std::vector<std::pair<std::string, Value>>;

  Failure(const char* code, const std::string& message, Details details = {})
      : std::runtime_error(message), code_(code), details_(std::move(details)) {}

  /** One of NativeErrorCode in index.d.ts. */
  const char* code() const { return code_; }
  const Details& details() const { return details_; }

 private:
  const char* code_;
  Details details_;
};

}  // namespace unshift
