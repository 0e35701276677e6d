// The door to ncurses and to the terminal's signals. No name of curses passes through it: curses' macros clash with too much.
//
// One screen at a time in a process. neffos_screen_* are for one thread at a time; neffos_guard_wake is for any.

#ifndef NEFFOS_CNCURSES_H
#define NEFFOS_CNCURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

typedef enum {
    NEFFOS_SCREEN_OK = 0,
    NEFFOS_SCREEN_BUSY,
    NEFFOS_SCREEN_NOT_A_TERMINAL,
    NEFFOS_SCREEN_UNKNOWN,
    NEFFOS_SCREEN_INCAPABLE,
    NEFFOS_SCREEN_FAILED,
} neffos_screen_result;

typedef struct {
    int rows;
    int columns;
    /// 0 where the terminal has no colours or none were wished for.
    int colors;
    /// Usable pairs, the numbers 1 to pairs.
    int pairs;
    /// Whether -1 is the terminal's own colour.
    bool has_default_colors;
    bool is_utf8;
} neffos_screen_info;

enum {
    NEFFOS_ATTRIBUTE_BOLD = 1,
    NEFFOS_ATTRIBUTE_DIM = 2,
    NEFFOS_ATTRIBUTE_UNDERLINE = 4,
    NEFFOS_ATTRIBUTE_REVERSE = 8,
    NEFFOS_ATTRIBUTE_ITALIC = 16,
};

typedef enum {
    NEFFOS_KEY_NONE = 0,
    /// The value is a Unicode scalar, controls among them.
    NEFFOS_KEY_CHARACTER,
    /// The value is the number of a function key.
    NEFFOS_KEY_FUNCTION,
    NEFFOS_KEY_UP,
    NEFFOS_KEY_DOWN,
    NEFFOS_KEY_LEFT,
    NEFFOS_KEY_RIGHT,
    NEFFOS_KEY_PAGE_UP,
    NEFFOS_KEY_PAGE_DOWN,
    NEFFOS_KEY_HOME,
    NEFFOS_KEY_END,
    NEFFOS_KEY_ENTER,
    NEFFOS_KEY_BACK_TAB,
    NEFFOS_KEY_BACKSPACE,
    NEFFOS_KEY_DELETE,
    NEFFOS_KEY_INSERT,
    /// The first button went down, or the wheel was turned, where `neffos_screen_mouse_place` says.
    NEFFOS_KEY_MOUSE_PRESS,
    NEFFOS_KEY_MOUSE_WHEEL_UP,
    NEFFOS_KEY_MOUSE_WHEEL_DOWN,
    /// A key or sequence that has no meaning here; more may follow.
    NEFFOS_KEY_UNKNOWN,
} neffos_key;

/// Sets up the terminal: alternate screen, raw keys, signal and crash handlers. The descriptors stay the caller's.
/// `richer` is taken in place of `term` if it is known and has 256 colours; `locale` is as for setlocale(LC_CTYPE).
neffos_screen_result neffos_screen_open(
    int input, int output, const char *_Nonnull term, const char *_Nullable richer, const char *_Nonnull locale, bool wants_color,
    bool wants_mouse, neffos_screen_info *_Nonnull info);
/// Restores the terminal, its modes and the signal handlers.
void neffos_screen_close(void);
/// Leaves the alternate screen and restores the modes, to be entered again.
void neffos_screen_leave(void);
/// Enters again and repaints all.
void neffos_screen_enter(void);
/// Whether this process may write to the terminal and read from it.
bool neffos_screen_is_foreground(void);

/// Asks the terminal for its size; false where it does not know.
bool neffos_screen_measure(int *_Nonnull rows, int *_Nonnull columns);
/// Makes the grid so large, blank.
void neffos_screen_resize(int rows, int columns);

bool neffos_screen_set_pair(int pair, int foreground, int background);
/// Puts one character with its marks, `width` cells wide; '?' where the C library measures it differently.
void neffos_screen_put(int row, int column, const wchar_t *_Nonnull text, int count, int width, unsigned attributes, int pair);
/// Writes what has changed; the cursor is hidden if `row` is negative.
void neffos_screen_refresh(int row, int column);
/// Writes a sequence to the terminal as it is; between refreshes, which leave none half written.
void neffos_screen_write(const uint8_t *_Nonnull bytes, size_t count);
/// Makes the next refresh repaint everything.
void neffos_screen_clear(void);

/// The next key that has been typed; does not block but for the rest of a key's sequence.
neffos_key neffos_screen_key(uint32_t *_Nonnull value);

enum {
    NEFFOS_READY_INPUT = 1,
    NEFFOS_READY_SIGNAL = 2,
    NEFFOS_READY_GONE = 4,
};
/// Where the last mouse event was.
void neffos_screen_mouse_place(int *_Nonnull row, int *_Nonnull column);

/// Waits for keys and signals; negative milliseconds wait for ever. `with_input` false leaves the terminal alone.
unsigned neffos_screen_poll(bool with_input, int milliseconds);

enum {
    NEFFOS_SIGNAL_WOKEN = 1,
    NEFFOS_SIGNAL_RESIZED = 2,
    NEFFOS_SIGNAL_STOP = 4,
    NEFFOS_SIGNAL_CONTINUED = 8,
    NEFFOS_SIGNAL_INTERRUPT = 16,
    NEFFOS_SIGNAL_TERMINATE = 32,
    NEFFOS_SIGNAL_HANGUP = 64,
};
/// What has come since the last call, each kind once.
unsigned neffos_guard_take(void);
/// Makes a poll end; from any thread, and from signal handlers.
void neffos_guard_wake(void);
/// Stops the process group as Ctrl-Z would, and returns when it goes on; at once where nobody could make it go on.
void neffos_guard_stop(void);
/// Gives the calling thread a stack for signal handlers, so that an overflow of its own stack can be handled; idempotent.
void neffos_guard_prepare_thread(void);

#endif
