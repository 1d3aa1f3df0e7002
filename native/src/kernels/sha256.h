/** SHA-256, streaming. Uses the processor's SHA instructions where it has them. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace unshift::kernels {

class Sha256 {
 public:
  void update(const void* data, size_t bytes);
  /** Lower-case hexadecimal digest; the object is spent afterwards. */
  std::string finish();

 private:
  uint32_t state_[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint64_t total_ = 0;
  unsigned char pending_[64];
  size_t held_ = 0;
};

/** For tests: leave the processor's SHA instructions alone. */
void sha256_without_instructions(bool plain);

}  // namespace unshift::kernels
