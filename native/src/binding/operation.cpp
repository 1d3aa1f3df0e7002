#include "operation.h"

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <set>

#include "../session/remote.h"
#include "values.h"

namespace unshift::binding {
namespace {

/** Flags of the computations that run now, in all environments: process exit aborts them and waits. */
struct Computations {
  std::mutex mutex;
  std::condition_variable ended;
  std::set<AbortFlag*> flags;
  std::set<Operation*> operations;
};

Computations& computations() {
  static auto* all = new Computations();  // never destroyed: used during exit
  return *all;
}

}  // namespace

Operation::Operation(Napi::Env env, const char* name) : env_(env), deferred_(Napi::Promise::Deferred::New(env)), abort_(std::make_shared<AbortFlag>(false)), unsettled_(std::make_shared<Operation*>(this)) {
  // llama.cpp's statics exist from here on, so this runs before they are destroyed.
  ensure_backend();
  static std::once_flag once;
  std::call_once(once, [] {
    std::atexit(on_process_exit);
    unshift::on_remote_lost(on_remote_lost);
  });
  napi_status status = napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, std::string("unshift:") + name), 0, 1,
                                                       nullptr, nullptr, this, on_message, &messages_);
  if (status != napi_ok) throw Napi::Error::New(env);
}

Operation::~Operation() {
  if (thread_.joinable()) thread_.join();
  if (messages_) napi_release_threadsafe_function(messages_, napi_tsfn_release);
}

Napi::Promise Operation::start(std::unique_ptr<Operation> operation, Napi::Value signal) {
  Operation* self = operation.get();
  Napi::Promise promise = self->deferred_.Promise();
  try {
    if (!signal.IsUndefined()) {
      if (!signal.IsObject() || !signal.As<Napi::Object>().Get("addEventListener").IsFunction()) invalid_argument("signal", "must be an AbortSignal");
      self->listen(signal.As<Napi::Object>());
    }
  } catch (...) {
    self->release();
    throw;
  }
  // After the thread-safe function's own hook, hence run before it.
  napi_add_env_cleanup_hook(self->env_, on_cleanup, self);
  {
    std::lock_guard<std::mutex> lock(computations().mutex);
    computations().flags.insert(self->abort_.get());
    computations().operations.insert(self);
  }
  self->thread_ = std::thread([self] { self->work(); });
  operation.release();  // on_message or on_cleanup deletes it
  return promise;
}

void Operation::listen(Napi::Object signal) {
  signal_ = Napi::Persistent(signal);
  if (signal.Get("aborted").ToBoolean()) {
    abort_->store(true);
    return;
  }
  std::shared_ptr<AbortFlag> flag = abort_;
  Napi::Function listener = Napi::Function::New(env_, [flag](const Napi::CallbackInfo&) { flag->store(true); });
  listener_ = Napi::Persistent(listener);
  signal.Get("addEventListener").As<Napi::Function>().Call(signal, {Napi::String::New(env_, "abort"), listener});
}

void Operation::work() {
  try {
    if (abort_->load()) throw Failure("ABORTED", "The operation was aborted.");
    compute();
  } catch (const Failure& failure) {
    failure_ = std::make_unique<Failure>(failure);
  } catch (const std::bad_alloc&) {
    failure_ = std::make_unique<Failure>("CONTEXT_CREATE_FAILED", "Out of memory.");
  } catch (const std::exception& error) {
    failure_ = std::make_unique<Failure>("DECODE_FAILED", error.what());
  }
  std::shared_ptr<AbortFlag> flag = abort_;
  post(nullptr);  // the last message: settle
  // From here on `this` may be waited for, but is not deleted before the thread ends.
  std::lock_guard<std::mutex> lock(computations().mutex);
  computations().flags.erase(flag.get());
  computations().operations.erase(this);
  computations().ended.notify_all();
}

void Operation::post(std::function<void(Napi::Env)> message) {
  auto boxed = std::make_unique<std::function<void(Napi::Env)>>(std::move(message));
  if (napi_call_threadsafe_function(messages_, boxed.get(), napi_tsfn_nonblocking) == napi_ok) boxed.release();
}

void Operation::on_message(napi_env env, napi_value, void* context, void* data) {
  std::unique_ptr<std::function<void(Napi::Env)>> message(static_cast<std::function<void(Napi::Env)>*>(data));
  if (!env) return;  // the environment is going: on_cleanup has taken over
  Napi::HandleScope scope(env);
  auto* self = static_cast<Operation*>(context);
  try {
    if (*message) (*message)(env);
    else if (*self->unsettled_) self->settle(env);
  } catch (const Napi::Error& error) {
    napi_fatal_exception(env, error.Value());
  }
}

void Operation::settle(Napi::Env env) {
  std::unique_ptr<Operation> self(this);
  napi_remove_env_cleanup_hook(env_, on_cleanup, this);
  thread_.join();
  *unsettled_ = nullptr;
  unlisten();
  release();
  if (!failure_) {
    try {
      deferred_.Resolve(to_js(env));
      return;
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
      return;
    }
  }
  Napi::Error error = coded_error(env, *failure_);
  if (std::string(failure_->code()) == "ABORTED" && !signal_.IsEmpty()) error.Value().Set("cause", signal_.Value().Get("reason"));
  deferred_.Reject(error.Value());
}

void Operation::unlisten() {
  if (listener_.IsEmpty()) return;
  Napi::Object signal = signal_.Value();
  signal.Get("removeEventListener").As<Napi::Function>().Call(signal, {Napi::String::New(env_, "abort"), listener_.Value()});
}

bool Operation::on_remote_lost() {
  Computations& all = computations();
  std::lock_guard<std::mutex> lock(all.mutex);
  for (Operation* operation : all.operations) {
    // The operation may have settled, and be gone, before the message is read.
    std::shared_ptr<Operation*> unsettled = operation->unsettled_;
    operation->post([unsettled](Napi::Env env) {
      if (*unsettled) (*unsettled)->abandon(env);
    });
    all.flags.erase(operation->abort_.get());
  }
  return !all.operations.empty();
}

/** The thread waits for ever: it keeps this object, and what the object holds is never freed. */
void Operation::abandon(Napi::Env env) {
  *unsettled_ = nullptr;
  napi_remove_env_cleanup_hook(env_, on_cleanup, this);
  thread_.detach();
  napi_unref_threadsafe_function(env, messages_);
  unlisten();
  release();
  try {
    throw_remote_lost();
  } catch (const Failure& failure) {
    deferred_.Reject(coded_error(env, failure).Value());
  }
}

void Operation::on_cleanup(void* operation) {
  std::unique_ptr<Operation> self(static_cast<Operation*>(operation));
  self->abort_->store(true);
  self->thread_.join();
}

void Operation::on_process_exit() {
  Computations& all = computations();
  std::unique_lock<std::mutex> lock(all.mutex);
  for (AbortFlag* flag : all.flags) flag->store(true);
  // A GPU kernel cannot be interrupted: give it time, but do not hang for ever.
  all.ended.wait_for(lock, std::chrono::seconds(10), [&all] { return all.flags.empty(); });
}

}  // namespace unshift::binding
