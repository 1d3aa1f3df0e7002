#include "arguments.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>

namespace unshift::bench {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

Arguments::Arguments(int count, char** values) {
  for (int i = 0; i < count; i += 2) {
    std::string name = values[i];
    if (name.rfind("--", 0) != 0 || i + 1 == count) refuse("Expected --name value, found " + name + ".");
    values_[name.substr(2)] = values[i + 1];
  }
}

std::string Arguments::text(const std::string& name) const {
  used_[name] = true;
  auto found = values_.find(name);
  if (found == values_.end()) refuse("--" + name + " is missing.");
  return found->second;
}

int32_t Arguments::number(const std::string& name, int32_t fallback) const {
  used_[name] = true;
  auto found = values_.find(name);
  if (found == values_.end()) return fallback;
  char* end = nullptr;
  long value = std::strtol(found->second.c_str(), &end, 10);
  if (end == found->second.c_str() || *end != 0 || value < 0 || value > 1000000) refuse("--" + name + " " + found->second + " is no number of its kind.");
  return static_cast<int32_t>(value);
}

void Arguments::check_all_used() const {
  for (const auto& [name, value] : values_) {
    if (!used_.count(name)) refuse("--" + name + " is not known here.");
  }
}

void answer_lines(const std::map<std::string, double>& work, const std::vector<Side>& sides) {
  std::printf("{\"work\":{");
  const char* comma = "";
  for (const auto& [name, value] : work) {
    std::printf("%s\"%s\":%.17g", comma, name.c_str(), value);
    comma = ",";
  }
  std::printf("}}\n");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    auto side = std::find_if(sides.begin(), sides.end(), [&](const Side& each) { return each.name == line; });
    if (side == sides.end()) refuse("There is no side \"" + line + "\".");
    double used = processor_seconds();
    auto start = std::chrono::steady_clock::now();
    side->work();
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("{\"seconds\":%.9f,\"processorSeconds\":%.9f}\n", seconds, processor_seconds() - used);
    std::fflush(stdout);
  }
}

std::vector<std::vector<int32_t>> read_ids(const std::string& path) {
  std::ifstream file(path);
  if (!file) refuse("Cannot read " + path + ".");
  std::vector<std::vector<int32_t>> lists;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    lists.emplace_back();
    for (int32_t id; fields >> id;) lists.back().push_back(id);
    if (!fields.eof() || lists.back().empty()) refuse(path + ", line " + std::to_string(lists.size()) + ": ids are expected.");
  }
  return lists;
}

}  // namespace unshift::bench
