export default {
  files: [
    "packages/*/dist/test/**/*.test.js",
    "bench/dist/test/**/*.test.js",
    "plugins/*/dist/test/**/*.test.js",
    "native/test/**/*.test.mjs",
    "e2e/**/*.test.mjs",
    "test/**/*.test.mjs",
  ],
  workerThreads: false,
  timeout: "5m",
  require: ["./test/property-seed.mjs"],
  nodeArguments: ["--enable-source-maps"],
};
