/** Rows over threads: each row is one thread's work, so results do not depend on the number of threads. */
#pragma once

#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace unshift::kernels {

/** Calls body(row) for every row in [0, rows) on at most `threads` threads, the calling one included. `body` must not throw. */
template <typename Body>
void parallel_rows(size_t rows, int threads, Body body) {
  size_t workers = threads > 1 ? static_cast<size_t>(threads) : 1;
  if (workers > rows) workers = rows;
  if (workers <= 1) {
    for (size_t i = 0; i < rows; i++) body(i);
    return;
  }
  std::atomic<size_t> next{0};
  auto work = [&] {
    for (size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < rows;) body(i);
  };
  std::vector<std::thread> pool;
  pool.reserve(workers - 1);
  for (size_t t = 1; t < workers; t++) {
    try {
      pool.emplace_back(work);
    } catch (const std::system_error&) {
      break;  // a limit on threads: those that started do the work
    }
  }
  work();
  for (std::thread& thread : pool) thread.join();
}

}  // namespace unshift::kernels
