/**
 * `unshift-core-bench <measure> [--name value …]`: the core beside llama.cpp alone, or beside plain loops, in one process. It works
 * when a line of standard input names a side, and answers each line with its times.
 */
#include <cstdio>
#include <cstring>
#include <exception>

#include "measures.h"
#include "session/backend.h"

int main(int count, char** values) {
  using namespace unshift::bench;
  const struct { const char* name; void (*run)(const Arguments&); } measures[] = {
      {"pair", measure_pair}, {"generation", measure_generation}, {"kernels", measure_kernels}};
  for (const auto& measure : measures) {
    if (count < 2 || std::strcmp(values[1], measure.name) != 0) continue;
    try {
      unshift::ensure_backend();
      measure.run(Arguments(count - 2, values + 2));
      return 0;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      return 1;
    }
  }
  std::fprintf(stderr, "usage: unshift-core-bench pair|generation|kernels [--name value …]\n");
  return 2;
}
