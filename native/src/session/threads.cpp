/** How many threads are useful here: physical cores, within affinity and cgroup quota. */
#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include "backend.h"

#if defined(__linux__)
#include <sched.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace unshift {
namespace {

#if defined(__linux__)

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/** Physical cores among the processors this process may run on. */
int allowed_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return static_cast<int>(std::thread::hardware_concurrency());
  std::set<std::string> cores;
  int processors = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &set)) continue;
    processors++;
    // Hyper-threads of one core list the same siblings.
    std::string siblings = first_line("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list");
    cores.insert(siblings.empty() ? "cpu" + std::to_string(cpu) : siblings);
  }
  return std::min(processors, static_cast<int>(cores.size()));
}

/** The cgroup's CPU quota in cores, rounded down; a huge number where there is none. */
double quota_cores() {
  double quota = 1e9;
  std::string folder;
  std::ifstream membership("/proc/self/cgroup");
  for (std::string line; std::getline(membership, line);) {
    if (line.rfind("0::", 0) == 0) folder = line.substr(3);
  }
  // Version 2: every level up to the root may set a limit.
  for (;;) {
    std::istringstream fields(first_line("/sys/fs/cgroup" + folder + "/cpu.max"));
    std::string limit;
    double period = 0;
    if (fields >> limit >> period && limit != "max" && period > 0) quota = std::min(quota, std::atof(limit.c_str()) / period);
    if (folder.empty() || folder == "/") break;
    folder.erase(folder.find_last_of('/'));
  }
  // Version 1.
  double limit = std::atof(first_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").c_str());
  double period = std::atof(first_line("/sys/fs/cgroup/cpu/cpu.cfs_period_us").c_str());
  if (limit > 0 && period > 0) quota = std::min(quota, limit / period);
  return quota;
}

#endif

}  // namespace

int default_threads() {
#if defined(__linux__)
  return std::max(1, static_cast<int>(std::min<double>(allowed_cores(), std::floor(quota_cores() + 0.5))));
#elif defined(__APPLE__)
  int cores = 0;
  size_t size = sizeof cores;
  // Performance cores first: efficiency cores hold the others up at every barrier.
  if (sysctlbyname("hw.perflevel0.physicalcpu", &cores, &size, nullptr, 0) == 0 && cores > 0) return cores;
  if (sysctlbyname("hw.physicalcpu", &cores, &size, nullptr, 0) == 0 && cores > 0) return cores;
  return std::max(1u, std::thread::hardware_concurrency());
#else
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency() / 2));
#endif
}

}  // namespace unshift
