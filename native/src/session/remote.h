/**
 * RPC servers: devices of other machines, reached through ggml's RPC backend where the build has it (UNSHIFT_RPC=0 leaves it out).
 *
 * A server is registered once for the process. Its devices are handed to the models that name it and to no other, so they are not
 * put among ggml's own.
 */
#pragma once

#include <string>
#include <vector>

#include "ggml-backend.h"

namespace unshift {

struct RemoteDevice {
  ggml_backend_dev_t device;
  std::string name;         // ggml's: RPC0, RPC1 … in the order of registration
  std::string endpoint;     // host:port
  std::string buffer_type;  // ggml's name of its buffers
};

/** Whether this build has the RPC backend. */
bool remote_supported();

/**
 * The devices of a server, connecting to it at the first call. Throws RPC_UNSUPPORTED where the build has no RPC backend, RPC_UNREACHABLE
 * where nothing answers there within ten seconds or what answers is no server of this version.
 */
std::vector<ggml_backend_dev_t> remote_devices(const std::string& endpoint);

/** All that were registered so far. */
std::vector<RemoteDevice> remote_devices_known();

/**
 * Whether a server stopped answering in the midst of work. ggml waits for its answer for ever and cannot go on without: whatever lies on
 * servers is given up, neither used nor freed again in this process.
 */
bool remote_lost();

/** RPC_LOST, naming the servers of this process. */
[[noreturn]] void throw_remote_lost();

/**
 * Called by the thread that finds a server gone, which then never goes on. `listener` ends what waits for that thread and says whether
 * anything did; where nothing did the process ends with a message.
 */
void on_remote_lost(bool (*listener)());
[[noreturn]] void lose_remote();

}  // namespace unshift
