// Preloaded where tests run under the thread sanitizer. A contended Mutex of Synchronization is locked and unlocked by the kernel, on behalf
// of a library that the sanitizer does not see into: without being told, it takes everything a mutex guards for unguarded.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT_SELF __attribute__((swift_context))

// Only the tests themselves have these; the programs that start them run with this library too.
__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);

typedef __attribute__((swiftcall)) void lock_slow(uint32_t, SWIFT_SELF void *);
typedef __attribute__((swiftcall)) void unlock_slow(SWIFT_SELF void *);

// Synchronization._MutexHandle._lockSlow(Swift.UInt32) -> ()
__attribute__((swiftcall)) void mutex_lock_slow(uint32_t self_id, SWIFT_SELF void *handle) __asm__(
    "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

// Synchronization._MutexHandle._unlockSlow() -> ()
__attribute__((swiftcall)) void mutex_unlock_slow(SWIFT_SELF void *handle) __asm__(
    "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

__attribute__((swiftcall)) void mutex_lock_slow(uint32_t self_id, SWIFT_SELF void *handle) {
    lock_slow *original = (lock_slow *)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    original(self_id, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

__attribute__((swiftcall)) void mutex_unlock_slow(SWIFT_SELF void *handle) {
    unlock_slow *original = (unlock_slow *)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    if (__tsan_release) __tsan_release(handle);
    original(handle);
}
