#include "grid.h"

#include <algorithm>

namespace unshift {

std::vector<int32_t> chunk_ends(int32_t n, int32_t prefix, int32_t scored, const Grid& grid) {
  std::vector<int32_t> ends;
  scored = std::clamp(scored, 0, n);
  prefix = std::clamp(prefix, 0, scored);
  auto cut = [&ends](int32_t from, int32_t to, int32_t step) {
    for (int32_t at = from; at < to;) {
      at = to - at > step ? at + step : to;
      ends.push_back(at);
    }
  };
  cut(0, prefix, grid.chunk);
  cut(prefix, scored, grid.chunk);
  cut(scored, n, std::min(grid.block, grid.chunk));
  return ends;
}

int32_t block_rows(int32_t chunk, double bytes, int32_t models, int32_t v) {
  double rows = bytes / (4.0 * models * v);
  return std::clamp(static_cast<int32_t>(std::min(rows, 1e9)), 1, chunk);
}

}  // namespace unshift
