/** What was asked of the program, and how it answers. */
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace unshift::bench {

/** `--name value` pairs. Asking for one that was not given and has no default ends the program with code 2. */
class Arguments {
 public:
  Arguments(int count, char** values);
  std::string text(const std::string& name) const;
  int32_t number(const std::string& name, int32_t fallback) const;
  /** Ends the program with code 2 if a name was given that nobody asked for. */
  void check_all_used() const;

 private:
  std::map<std::string, std::string> values_;
  mutable std::map<std::string, bool> used_;
};

/** One way to do a piece of work. */
struct Side {
  std::string name;
  std::function<void()> work;
};

/**
 * Prints {"work": {…}} and then, for every line of standard input that names a side, does its work and prints
 * {"seconds", "processorSeconds"}: wall time, and the processor time of all threads. Whoever asks decides the turns.
 */
void answer_lines(const std::map<std::string, double>& work, const std::vector<Side>& sides);

/** Lists of ids, one a line, ids parted by spaces. Ends the program with code 2 where there is something else. */
std::vector<std::vector<int32_t>> read_ids(const std::string& path);

}  // namespace unshift::bench
