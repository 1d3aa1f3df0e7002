/**
 * Base of everything that runs off the JavaScript thread: a promise, an abort signal, progress, an orderly end.
 *
 * compute() runs on a thread of its own (the four threads of libuv's pool stay free for files); to_js() and everything else on the
 * JavaScript thread. When the environment ends early (a terminated worker), the operation is aborted and waited for before the
 * environment goes; when the process exits, before static objects go.
 */
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include <napi.h>

#include "../session/failure.h"
#include "../session/model.h"

namespace unshift::binding {

class Operation {
 public:
  Operation(Napi::Env env, const char* name);
  virtual ~Operation();
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /** Aborts every computation of the process and waits until they have ended. */
  static void on_process_exit();
  /** Rejects every computation of the process with RPC_LOST and leaves its thread behind. Whether there was any. */
  static bool on_remote_lost();
  /** Starts `operation` and returns its promise. `signal` may be undefined; one that already fired rejects at once. */
  static Napi::Promise start(std::unique_ptr<Operation> operation, Napi::Value signal);

 protected:
  /** Off the JavaScript thread; throws Failure. */
  virtual void compute() = 0;
  /** The value of the promise. */
  virtual Napi::Value to_js(Napi::Env env) = 0;
  /** Before the promise settles, in every case: let go of what was busy. */
  virtual void release() {}

  /** From compute(): runs `message` on the JavaScript thread, in order. A thrown JavaScript error is uncaught. */
  void post(std::function<void(Napi::Env)> message);
  const AbortFlag& abort_flag() const { return *abort_; }

  /** Keeps a JavaScript object alive while the operation runs. */
  void keep(Napi::Object object) { kept_.push_back(Napi::Persistent(object)); }

 private:
  static void on_message(napi_env env, napi_value, void* context, void* data);
  static void on_cleanup(void* operation);
  void listen(Napi::Object signal);
  void work();
  void settle(Napi::Env env);
  void abandon(Napi::Env env);
  void unlisten();

  napi_env env_;
  Napi::Promise::Deferred deferred_;
  std::shared_ptr<AbortFlag> abort_;
  /** Null once the promise is settled; JavaScript thread only. */
  std::shared_ptr<Operation*> unsettled_;
  std::vector<Napi::ObjectReference> kept_;
  Napi::ObjectReference signal_;
  Napi::FunctionReference listener_;
  napi_threadsafe_function messages_ = nullptr;
  std::thread thread_;
  std::unique_ptr<Failure> failure_;
};

/** Passes shares on when they grew by a hundredth, so that progress costs nothing. */
class Throttle {
 public:
  bool passes(float share) {
    if (share < 1 && share < last_ + 0.01f) return false;
    if (share >= 1 && last_ >= 1) return false;
    last_ = share;
    return true;
  }

 private:
  float last_ = -1;
};

}  // namespace unshift::binding
