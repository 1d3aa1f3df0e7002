/** What this program measures: one function each, in the file of that name. */
#pragma once

#include "arguments.h"

namespace unshift::bench {

/** comparePair against the two bare passes over the same chunks. */
void measure_pair(const Arguments& arguments);

/** Greedy generation of prompts in slots against as many bare steps of full batches. */
void measure_generation(const Arguments& arguments);

/** Row statistics with top-10, and pair divergences, against loops without lanes. One thread. */
void measure_kernels(const Arguments& arguments);

}  // namespace unshift::bench
