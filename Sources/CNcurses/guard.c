// Signals of the terminal, and its restoring when the process dies. Everything that runs in a handler is async-signal-safe.

#define _GNU_SOURCE
#include "CNcurses.h"
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int self_pipe[2] = {-1, -1};
static atomic_uint pending;

// Written while not armed, read by handlers only while active: the atomic orders them.
static int tty = -1;
/// The terminal once more, and a place where what is written goes nowhere: once the terminal is as it was, `tty` leads there, so that a
/// thread that goes on drawing until the process is dead does not draw on the shell's screen.
static int own_tty = -1, nowhere = -1;
static struct termios saved_modes;
static char restore_bytes[512];
static size_t restore_count;
static atomic_bool active;

static const int event_signals[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
static const int crash_signals[] = {
    SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS, SIGQUIT,
    // No crashes, but they kill whoever does not care for them.
    SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGPIPE,
};
enum {
    /// From this one on, a handler that was there, or deafness, stays.
    FIRST_OPTIONAL = 8,
    EVENT_COUNT = sizeof(event_signals) / sizeof(event_signals[0]),
    CRASH_COUNT = sizeof(crash_signals) / sizeof(crash_signals[0]),
};
static struct sigaction previous_event[EVENT_COUNT];
static struct sigaction previous_crash[CRASH_COUNT];
static bool is_installed;

static void notify(unsigned bit) {
    if (atomic_fetch_or(&pending, bit) & bit) return;
    // A full pipe is no loss: it already wakes, and the bit tells what came.
    char byte = 0;
    while (write(self_pipe[1], &byte, 1) < 0 && errno == EINTR) {}
}

static void on_event(int signal) {
    int error = errno;
    switch (signal) {
    case SIGWINCH: notify(NEFFOS_SIGNAL_RESIZED); break;
    case SIGTSTP: notify(NEFFOS_SIGNAL_STOP); break;
    case SIGCONT: notify(NEFFOS_SIGNAL_CONTINUED); break;
    case SIGINT: notify(NEFFOS_SIGNAL_INTERRUPT); break;
    case SIGTERM: notify(NEFFOS_SIGNAL_TERMINATE); break;
    case SIGHUP: notify(NEFFOS_SIGNAL_HANGUP); break;
    default: break;
    }
    errno = error;
}

/// Restores the terminal from wherever the process is; only the first caller does.
static void restore(void) {
    if (!atomic_exchange(&active, false)) return;
    if (nowhere >= 0) dup2(nowhere, tty);
    size_t done = 0;
    while (done < restore_count) {
        // A terminal that takes nothing must not hold up a crash.
        struct pollfd ready = {.fd = own_tty, .events = POLLOUT};
        if (poll(&ready, 1, 500) == 0) break;
        ssize_t count = write(own_tty, restore_bytes + done, restore_count - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += (size_t)count;
    }
    tcsetattr(own_tty, TCSANOW, &saved_modes);
}

static void on_crash(int signal, siginfo_t *info, void *context) {
    int error = errno;
    restore();
    errno = error;
    for (int index = 0; index < CRASH_COUNT; index++) {
        if (crash_signals[index] != signal) continue;
        struct sigaction previous = previous_crash[index];
        bool has_handler = (previous.sa_flags & SA_SIGINFO) != 0
            || (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN);
        if (has_handler && (previous.sa_flags & SA_SIGINFO)) {
            previous.sa_sigaction(signal, info, context);
        } else if (has_handler) {
            previous.sa_handler(signal);
        }
    }
    // The handler before us may have come back; a crash is still a crash. The signal is blocked until we return, and kills then.
    struct sigaction fallback;
    memset(&fallback, 0, sizeof(fallback));
    fallback.sa_handler = SIG_DFL;
    sigaction(signal, &fallback, NULL);
    raise(signal);
}

static void on_exit_of_process(void) { restore(); }

bool neffos_guard_prepare(void) {
    static bool registered;
    if (self_pipe[0] < 0) {
        // Never closed, so that a late wake cannot write into someone else's descriptor.
        int ends[2];
        if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return false;
        self_pipe[0] = ends[0];
        self_pipe[1] = ends[1];
    }
    if (!registered) registered = atexit(on_exit_of_process) == 0;
    neffos_guard_take();
    return true;
}

int neffos_guard_pipe(void) { return self_pipe[0]; }

bool neffos_guard_arm(int fd, const struct termios *modes, const char *bytes, size_t count) {
    // Opened now: a process that dies for want of descriptors has none for its ending.
    own_tty = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (own_tty < 0) return false;
    tty = fd;
    saved_modes = *modes;
    restore_count = count < sizeof(restore_bytes) ? count : sizeof(restore_bytes);
    memcpy(restore_bytes, bytes, restore_count);
    return true;
}

void neffos_guard_disarm(void) {
    atomic_store(&active, false);
    tty = -1;
    if (own_tty >= 0) close(own_tty);
    if (nowhere >= 0) close(nowhere);
    own_tty = nowhere = -1;
}

void neffos_guard_set_active(bool is_active) { atomic_store(&active, is_active); }

void neffos_guard_install(void) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_event;
    action.sa_flags = SA_RESTART;
    for (int index = 0; index < EVENT_COUNT; index++) {
        sigaction(event_signals[index], NULL, &previous_event[index]);
        // Who was started with nohup stays deaf to it.
        bool stays = event_signals[index] == SIGHUP && !(previous_event[index].sa_flags & SA_SIGINFO)
            && previous_event[index].sa_handler == SIG_IGN;
        if (!stays) sigaction(event_signals[index], &action, NULL);
    }
    memset(&action, 0, sizeof(action));
    sigemptyset(&action.sa_mask);
    // Restoring from the background must not stop the process.
    sigaddset(&action.sa_mask, SIGTTOU);
    action.sa_sigaction = on_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int index = 0; index < CRASH_COUNT; index++) {
        sigaction(crash_signals[index], NULL, &previous_crash[index]);
        bool is_default = !(previous_crash[index].sa_flags & SA_SIGINFO) && previous_crash[index].sa_handler == SIG_DFL;
        if (index < FIRST_OPTIONAL || is_default) sigaction(crash_signals[index], &action, NULL);
    }
    is_installed = true;
}

void neffos_guard_uninstall(void) {
    if (!is_installed) return;
    is_installed = false;
    for (int index = 0; index < EVENT_COUNT; index++) sigaction(event_signals[index], &previous_event[index], NULL);
    for (int index = 0; index < CRASH_COUNT; index++) {
        // Who has cared for one of the others in between keeps it.
        struct sigaction now;
        sigaction(crash_signals[index], NULL, &now);
        bool is_ours = (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_crash;
        if (is_ours) sigaction(crash_signals[index], &previous_crash[index], NULL);
    }
}

unsigned neffos_guard_take(void) {
    char bytes[64];
    ssize_t count;
    // First the pipe, then the bits: what comes in between is at worst a poll that ends for nothing.
    do {
        count = read(self_pipe[0], bytes, sizeof(bytes));
    } while (count > 0 || (count < 0 && errno == EINTR));
    return atomic_exchange(&pending, 0);
}

void neffos_guard_wake(void) {
    if (self_pipe[1] >= 0) notify(NEFFOS_SIGNAL_WOKEN);
}

void neffos_guard_stop(void) {
    struct sigaction previous, action;
    memset(&action, 0, sizeof(action));
    sigemptyset(&action.sa_mask);
    // The others of the job first: the shell that waits for us may be behind a script that has to stop too. Deaf to it ourselves,
    // because a signal to the process may be taken by another thread, at a time of its choosing.
    action.sa_handler = SIG_IGN;
    sigaction(SIGTSTP, &action, &previous);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &action, NULL);

    // Then this thread, which stops the whole process before raise returns. SIGTSTP and not SIGSTOP: where no shell could make us go
    // on, the kernel ignores it.
    sigset_t stop, mask;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    action.sa_handler = SIG_DFL;
    pthread_sigmask(SIG_BLOCK, &stop, &mask);
    sigaction(SIGTSTP, &action, NULL);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &previous, NULL);
}

static pthread_key_t stack_key;
static pthread_once_t stack_once = PTHREAD_ONCE_INIT;
enum { STACK_SIZE = 256 * 1024 };

static void release_stack(void *memory) {
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, NULL);
    munmap(memory, STACK_SIZE);
}

static void make_stack_key(void) { pthread_key_create(&stack_key, release_stack); }

void neffos_guard_prepare_thread(void) {
    stack_t current;
    if (sigaltstack(NULL, &current) < 0 || !(current.ss_flags & SS_DISABLE)) return;
    pthread_once(&stack_once, make_stack_key);
    void *memory = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t stack = {.ss_sp = memory, .ss_size = STACK_SIZE};
    if (sigaltstack(&stack, NULL) < 0) {
        munmap(memory, STACK_SIZE);
        return;
    }
    pthread_setspecific(stack_key, memory);
}
