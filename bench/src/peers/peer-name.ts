/** Programs of other people that are measured beside ours. */
export type PeerName = "llama-perplexity" | "llama-server" | "llama-bench" | "node-llama-cpp";
