/** Programs that are measured beside ours: other people's, and `native/bench`, which drives llama.cpp's library without our core. */
export type PeerName = "llama-perplexity" | "llama-server" | "llama-bench" | "node-llama-cpp" | "unshift-core-bench";
