#include "remote.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "backend.h"
#include "failure.h"

namespace unshift {
namespace {

constexpr std::chrono::seconds kPatience(10);

using AddServer = ggml_backend_reg_t (*)(const char* endpoint);

AddServer add_server() {
  ensure_backend();
  ggml_backend_reg_t rpc = ggml_backend_reg_by_name("RPC");
  return rpc ? reinterpret_cast<AddServer>(ggml_backend_reg_get_proc_address(rpc, "ggml_backend_rpc_add_server")) : nullptr;
}

struct Servers {
  std::mutex mutex;
  std::map<std::string, std::vector<RemoteDevice>> by_endpoint;
};

Servers& servers() {
  static auto* all = new Servers();  // never destroyed: a thread that still waits for a server may outlive statics
  return *all;
}

[[noreturn]] void unreachable(const std::string& endpoint, const std::string& why) {
  throw Failure("RPC_UNREACHABLE", "The RPC server at " + endpoint + " cannot be used: " + why + ".", {{"endpoint", endpoint}, {"reason", why}});
}

/** Connects and asks for devices. ggml asserts where a server does not answer as it should: that becomes an exception here. */
std::vector<RemoteDevice> ask(AddServer add, const std::string& endpoint) {
  LogScope scope(nullptr);
  AssertionScope assertions;
  ggml_backend_reg_t server = add(endpoint.c_str());
  std::vector<RemoteDevice> devices;
  for (size_t i = 0; server && i < ggml_backend_reg_dev_count(server); i++) {
    ggml_backend_dev_t device = ggml_backend_reg_dev_get(server, i);
    devices.push_back({device, ggml_backend_dev_name(device), endpoint, ggml_backend_buft_name(ggml_backend_dev_buffer_type(device))});
  }
  return devices;
}

std::atomic<bool> lost{false};
std::atomic<bool (*)()> lost_listener{nullptr};

std::string lost_message() {
  std::string endpoints;
  for (const RemoteDevice& remote : remote_devices_known()) {
    if (endpoints.find(remote.endpoint) == std::string::npos) endpoints += (endpoints.empty() ? "" : ", ") + remote.endpoint;
  }
  return "An RPC server ended or stopped answering in the midst of work (servers in use: " + endpoints + ").";
}

}  // namespace

bool remote_lost() { return lost.load(); }

void throw_remote_lost() { throw Failure("RPC_LOST", lost_message()); }

void on_remote_lost(bool (*listener)()) { lost_listener.store(listener); }

void lose_remote() {
  bool first = !lost.exchange(true);
  bool (*listener)() = lost_listener.load();
  if (first && !(listener && listener())) {
    // Nothing waits that could be told: a call on the JavaScript thread is stuck.
    std::fprintf(stderr, "RPC_LOST: %s\n", lost_message().c_str());
    std::_Exit(3);
  }
  for (;;) std::this_thread::sleep_for(std::chrono::hours(24));
}

bool remote_supported() { return add_server() != nullptr; }

std::vector<ggml_backend_dev_t> remote_devices(const std::string& endpoint) {
  AddServer add = add_server();
  if (!add) {
    throw Failure("RPC_UNSUPPORTED", "This build of the addon has no RPC backend, so " + endpoint + " cannot be used.", {{"endpoint", endpoint}});
  }
  if (remote_lost()) throw_remote_lost();
  Servers& all = servers();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto known = all.by_endpoint.find(endpoint);
  if (known == all.by_endpoint.end()) {
    // Neither connecting nor the first answer has a limit of time in ggml: a thread of its own may wait for ever.
    auto answer = std::make_shared<std::promise<std::vector<RemoteDevice>>>();
    std::future<std::vector<RemoteDevice>> devices = answer->get_future();
    std::thread([add, endpoint, answer] {
      try {
        answer->set_value(ask(add, endpoint));
      } catch (...) {
        answer->set_exception(std::current_exception());
      }
    }).detach();
    if (devices.wait_for(kPatience) != std::future_status::ready) unreachable(endpoint, "nothing answered within 10 seconds");
    try {
      known = all.by_endpoint.emplace(endpoint, devices.get()).first;
    } catch (const std::exception& error) {
      unreachable(endpoint, std::string(error.what()).find("connect") != std::string::npos ? "nothing listens there, or the name is unknown"
                                                                                             : "what listens there is no RPC server of this llama.cpp");
    }
    if (known->second.empty()) {
      all.by_endpoint.erase(known);
      unreachable(endpoint, "it offers no device");
    }
  }
  std::vector<ggml_backend_dev_t> devices;
  for (const RemoteDevice& each : known->second) devices.push_back(each.device);
  return devices;
}

std::vector<RemoteDevice> remote_devices_known() {
  Servers& all = servers();
  std::lock_guard<std::mutex> lock(all.mutex);
  std::vector<RemoteDevice> list;
  for (const auto& [endpoint, devices] : all.by_endpoint) list.insert(list.end(), devices.begin(), devices.end());
  return list;
}

}  // namespace unshift
