/**
 * Where an item is cut into chunks. Strict numerics rest on this: a chunk is one llama_decode call, its shape decides in which
 * order the backend adds numbers up, so the cuts follow from the item alone, never from what the memory happens to hold.
 *
 * Cuts of an item of n tokens with a shared prefix of length P and scored rows beginning at token S:
 *   every multiple of `chunk` inside [0, P), then P, then P + k·chunk inside [P, S), then S, then S + k·block.
 * P is at most S. The chunk that ends at a cut is [previous cut, cut).
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace unshift {

struct Grid {
  int32_t chunk = 512;  // tokens of one decode
  int32_t block = 512;  // tokens of one decode whose rows are wanted
};

/** Ends of the chunks of an item, rising; the last is n. Empty when n = 0. */
std::vector<int32_t> chunk_ends(int32_t n, int32_t prefix, int32_t scored, const Grid& grid);

/** Rows of one block: as many as `bytes` hold of `rows` float32 rows of v each, at least one, at most `chunk`. */
int32_t block_rows(int32_t chunk, double bytes, int32_t models, int32_t v);

}  // namespace unshift
