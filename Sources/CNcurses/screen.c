// The screen and the keys, through ncurses.

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "CNcurses.h"
#include "guard.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

// <term.h> has short macros for every capability; these would clash below.
#undef columns
#undef lines

static atomic_flag in_use = ATOMIC_FLAG_INIT;
static SCREEN *screen;
static FILE *input_file, *output_file;
static int input_fd = -1, output_fd = -1;
static struct termios modes_before;
/// Keys are read through a pad: reading through a window would refresh it.
static WINDOW *key_pad;
static bool utf8;
/// A character of which not all bytes have come.
static uint32_t partial, partial_least;
static int bytes_missing;
/// Whether the cursor is on the screen.
static bool shows_cursor;
/// Whether the terminal tells of the mouse, and where the last event was.
static bool uses_mouse;
static int mouse_row, mouse_column;

/// Keeps a terminal that is not ours at the moment from stopping us when we restore it.
static void block_terminal_stop(sigset_t *mask) {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stop, mask);
}

static char captured[512];
static size_t captured_count;

static int capture(int byte) {
    if (captured_count < sizeof(captured)) captured[captured_count++] = (char)byte;
    return byte;
}

static void capture_capability(const char *name) {
    char *text = tigetstr(name);
    if (text != NULL && text != (char *)-1) tputs(text, 1, capture);
}

// Every terminal with a mouse understands these. Curses' own way loses a press whose release comes in the same packet.
static const char mouse_on[] = "\033[?1000h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1000l";

static void capture_mouse_off(void) {
    for (size_t index = 0; index < sizeof(mouse_off) - 1; index++) capture(mouse_off[index]);
}

static void write_all(const void *bytes, size_t left) {
    const char *text = bytes;
    while (left > 0) {
        ssize_t count = write(output_fd, text, left);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        text += count;
        left -= (size_t)count;
    }
}

static void tell_mouse(bool on) {
    if (uses_mouse) write_all(on ? mouse_on : mouse_off, sizeof(mouse_on) - 1);
}

void neffos_screen_write(const uint8_t *bytes, size_t count) { write_all(bytes, count); }

static bool is_rich(const char *term, int output) {
    int error = 0;
    if (setupterm(term, output, &error) != OK) return false;
    int colors = tigetnum("colors");
    del_curterm(set_curterm(NULL));
    return colors >= 256;
}

static neffos_screen_result check(const char *term, int output) {
    int error = 0;
    if (setupterm(term, output, &error) != OK) return error == 1 ? NEFFOS_SCREEN_INCAPABLE : NEFFOS_SCREEN_UNKNOWN;
    const char *needed[] = {"cup", "clear"};
    bool capable = !tigetflag("gn") && !tigetflag("hc");
    for (int index = 0; index < 2; index++) {
        char *text = tigetstr((char *)needed[index]);
        capable = capable && text != NULL && text != (char *)-1;
    }
    del_curterm(set_curterm(NULL));
    return capable ? NEFFOS_SCREEN_OK : NEFFOS_SCREEN_INCAPABLE;
}

static FILE *open_copy(int fd, const char *mode) {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    FILE *file = copy < 0 ? NULL : fdopen(copy, mode);
    if (file == NULL && copy >= 0) close(copy);
    return file;
}

static void release(void) {
    if (key_pad != NULL) delwin(key_pad);
    if (screen != NULL) delscreen(screen);
    if (input_file != NULL) fclose(input_file);
    if (output_file != NULL) fclose(output_file);
    key_pad = NULL;
    screen = NULL;
    input_file = output_file = NULL;
    input_fd = output_fd = -1;
    atomic_flag_clear(&in_use);
}

/// Sequences that terminals send whatever their description says.
static void define_common_keys(void) {
    static const struct { const char *sequence; int key; } common[] = {
        {"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
        {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
        {"\033[H", KEY_HOME}, {"\033[F", KEY_END}, {"\033OH", KEY_HOME}, {"\033OF", KEY_END},
        {"\033[1~", KEY_HOME}, {"\033[4~", KEY_END}, {"\033[7~", KEY_HOME}, {"\033[8~", KEY_END},
        {"\033[2~", KEY_IC}, {"\033[3~", KEY_DC}, {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
        {"\033[Z", KEY_BTAB}, {"\033OM", KEY_ENTER},
        {"\033OP", KEY_F(1)}, {"\033OQ", KEY_F(2)}, {"\033OR", KEY_F(3)}, {"\033OS", KEY_F(4)},
    };
    for (size_t index = 0; index < sizeof(common) / sizeof(common[0]); index++) {
        if (key_defined(common[index].sequence) == 0) define_key(common[index].sequence, common[index].key);
    }
}

static void set_up_colors(bool wants_color, neffos_screen_info *info) {
    if (!wants_color || !has_colors() || start_color() != OK) return;
    info->has_default_colors = use_default_colors() == OK;
    info->colors = COLORS;
    info->pairs = COLOR_PAIRS - 1;
}

neffos_screen_result neffos_screen_open(
    int input, int output, const char *term, const char *richer, const char *locale, bool wants_color, bool wants_mouse,
    neffos_screen_info *info) {
    memset(info, 0, sizeof(*info));
    struct termios modes;
    if (!isatty(input) || !isatty(output) || tcgetattr(output, &modes) < 0) return NEFFOS_SCREEN_NOT_A_TERMINAL;
    if (atomic_flag_test_and_set(&in_use)) return NEFFOS_SCREEN_BUSY;
    if (richer != NULL && is_rich(richer, output)) term = richer;
    neffos_screen_result result = check(term, output);
    if (result != NEFFOS_SCREEN_OK || !neffos_guard_prepare()) {
        atomic_flag_clear(&in_use);
        return result != NEFFOS_SCREEN_OK ? result : NEFFOS_SCREEN_FAILED;
    }
    modes_before = modes;
    setlocale(LC_CTYPE, locale);
    utf8 = info->is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

    input_file = open_copy(input, "r");
    output_file = open_copy(output, "w");
    if (input_file == NULL || output_file == NULL) {
        release();
        return NEFFOS_SCREEN_FAILED;
    }
    input_fd = fileno(input_file);
    output_fd = fileno(output_file);
    // Ours before curses looks: it then installs none of its own.
    neffos_guard_install();
    screen = newterm(term, output_file, input_file);
    key_pad = screen == NULL ? NULL : newpad(1, 1);
    captured_count = 0;
    if (key_pad != NULL) {
        const char *undo[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup"};
        if (wants_mouse) capture_mouse_off();
        for (int index = 0; index < 5; index++) capture_capability(undo[index]);
    }
    if (key_pad == NULL || !neffos_guard_arm(output_fd, &modes_before, captured, captured_count)) {
        if (screen != NULL) endwin();
        tcsetattr(output_fd, TCSANOW, &modes_before);
        neffos_guard_disarm();
        neffos_guard_uninstall();
        release();
        return NEFFOS_SCREEN_FAILED;
    }
    neffos_guard_set_active(true);

    // Raw: Ctrl-C, Ctrl-Z and Ctrl-S are keys, and output can not be held up by one of them.
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    typeahead(-1);
    set_escdelay(50);
    scrollok(stdscr, FALSE);
    keypad(key_pad, TRUE);
    nodelay(key_pad, TRUE);
    define_common_keys();
    uses_mouse = wants_mouse;
    if (uses_mouse) keyok(KEY_MOUSE, FALSE);
    tell_mouse(true);
    curs_set(0);
    shows_cursor = false;
    bytes_missing = 0;
    set_up_colors(wants_color, info);
    int rows, wide;
    if (neffos_screen_measure(&rows, &wide)) resizeterm(rows, wide);
    info->rows = getmaxy(stdscr);
    info->columns = getmaxx(stdscr);
    neffos_guard_prepare_thread();
    return NEFFOS_SCREEN_OK;
}

void neffos_screen_leave(void) {
    sigset_t mask;
    block_terminal_stop(&mask);
    tell_mouse(false);
    endwin();
    tcsetattr(output_fd, TCSANOW, &modes_before);
    neffos_guard_set_active(false);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

void neffos_screen_enter(void) {
    sigset_t mask;
    block_terminal_stop(&mask);
    // After a stop from outside curses does not know that it has left.
    if (!isendwin()) endwin();
    neffos_guard_set_active(true);
    clearok(curscr, TRUE);
    wnoutrefresh(stdscr);
    doupdate();
    keypad(key_pad, TRUE);
    tell_mouse(true);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

void neffos_screen_close(void) {
    sigset_t mask;
    block_terminal_stop(&mask);
    if (!isendwin()) {
        tell_mouse(false);
        endwin();
    }
    tcsetattr(output_fd, TCSANOW, &modes_before);
    neffos_guard_disarm();
    neffos_guard_uninstall();
    release();
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

bool neffos_screen_is_foreground(void) {
    pid_t foreground = tcgetpgrp(output_fd);
    // No controlling terminal of ours knows no foreground: then nothing stops us either.
    return foreground < 0 || foreground == getpgrp();
}

bool neffos_screen_measure(int *rows, int *wide) {
    struct winsize size;
    if (ioctl(output_fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0) return false;
    // More than any screen has; a terminal that claims it shall not cost the memory.
    *rows = size.ws_row < 1000 ? size.ws_row : 1000;
    *wide = size.ws_col < 2000 ? size.ws_col : 2000;
    return true;
}

void neffos_screen_resize(int rows, int wide) {
    resizeterm(rows, wide);
    werase(stdscr);
    clearok(curscr, TRUE);
}

bool neffos_screen_set_pair(int pair, int foreground, int background) {
    return init_pair((short)pair, (short)foreground, (short)background) == OK;
}

void neffos_screen_put(int row, int column, const wchar_t *text, int count, int width, unsigned attributes, int pair) {
    attr_t set = A_NORMAL;
    if (attributes & NEFFOS_ATTRIBUTE_BOLD) set |= A_BOLD;
    if (attributes & NEFFOS_ATTRIBUTE_DIM) set |= A_DIM;
    if (attributes & NEFFOS_ATTRIBUTE_UNDERLINE) set |= A_UNDERLINE;
    if (attributes & NEFFOS_ATTRIBUTE_REVERSE) set |= A_REVERSE;
    if (attributes & NEFFOS_ATTRIBUTE_ITALIC) set |= A_ITALIC;
    bool fits = count > 0 && count < CCHARW_MAX && (text[0] < 0x80 || (utf8 && wcwidth(text[0]) == width));
    for (int index = 1; fits && index < count; index++) fits = wcwidth(text[index]) == 0;
    wchar_t buffer[CCHARW_MAX + 1];
    cchar_t cell;
    if (fits) {
        wmemcpy(buffer, text, (size_t)count);
        buffer[count] = 0;
        if (setcchar(&cell, buffer, set, (short)pair, NULL) == OK) mvwadd_wch(stdscr, row, column, &cell);
        return;
    }
    buffer[0] = L'?';
    buffer[1] = 0;
    if (setcchar(&cell, buffer, set, (short)pair, NULL) != OK) return;
    for (int offset = 0; offset < width; offset++) mvwadd_wch(stdscr, row, column + offset, &cell);
}

void neffos_screen_refresh(int row, int column) {
    bool shows = row >= 0;
    if (shows) wmove(stdscr, row, column);
    leaveok(stdscr, !shows);
    if (shows_cursor != shows) curs_set(shows);
    shows_cursor = shows;
    wnoutrefresh(stdscr);
    doupdate();
}

void neffos_screen_clear(void) { clearok(curscr, TRUE); }

/// What a report of the mouse says, `<button;column;row` and `M` for down, `m` for up.
static neffos_key mouse_report(const char *text, char final) {
    int button = 0, column = 0, row = 0;
    if (final != 'M' || sscanf(text, "<%5d;%5d;%5d", &button, &column, &row) != 3 || column < 1 || row < 1) return NEFFOS_KEY_UNKNOWN;
    mouse_row = row - 1;
    mouse_column = column - 1;
    switch (button & ~(4 | 8 | 16)) {  // Shift, Alt and Control do not matter
    case 0: return NEFFOS_KEY_MOUSE_PRESS;
    case 64: return NEFFOS_KEY_MOUSE_WHEEL_UP;
    case 65: return NEFFOS_KEY_MOUSE_WHEEL_DOWN;
    default: return NEFFOS_KEY_UNKNOWN;
    }
}

/// Takes the rest of a sequence that curses does not know, so that its letters do not count as keys.
static bool skip_sequence(neffos_key *key) {
    *key = NEFFOS_KEY_UNKNOWN;
    int next = wgetch(key_pad);
    if (next == ERR) return false;
    if (next != '[' && next != 'O') return true;
    char text[33];
    for (int length = 0; length < 32; length++) {
        next = wgetch(key_pad);
        if (next == ERR) break;
        if (next >= 0x40 && next <= 0x7E) {
            text[length] = 0;
            if (uses_mouse && text[0] == '<') *key = mouse_report(text, (char)next);
            break;
        }
        text[length] = (char)next;
    }
    return true;
}

void neffos_screen_mouse_place(int *row, int *column) {
    *row = mouse_row;
    *column = mouse_column;
}

static neffos_key special(int code, uint32_t *value) {
    if (code >= KEY_F(1) && code <= KEY_F(63)) {
        *value = (uint32_t)(code - KEY_F0);
        return NEFFOS_KEY_FUNCTION;
    }
    switch (code) {
    case KEY_UP: return NEFFOS_KEY_UP;
    case KEY_DOWN: return NEFFOS_KEY_DOWN;
    case KEY_LEFT: return NEFFOS_KEY_LEFT;
    case KEY_RIGHT: return NEFFOS_KEY_RIGHT;
    case KEY_PPAGE: case KEY_A3: return NEFFOS_KEY_PAGE_UP;
    case KEY_NPAGE: case KEY_C3: return NEFFOS_KEY_PAGE_DOWN;
    case KEY_HOME: case KEY_FIND: case KEY_A1: return NEFFOS_KEY_HOME;
    case KEY_END: case KEY_SELECT: case KEY_C1: return NEFFOS_KEY_END;
    case KEY_ENTER: return NEFFOS_KEY_ENTER;
    case KEY_BTAB: return NEFFOS_KEY_BACK_TAB;
    case KEY_BACKSPACE: return NEFFOS_KEY_BACKSPACE;
    case KEY_DC: return NEFFOS_KEY_DELETE;
    case KEY_IC: return NEFFOS_KEY_INSERT;
    default: return NEFFOS_KEY_UNKNOWN;
    }
}

/// Takes one byte of a character beyond ASCII.
static neffos_key assemble(uint32_t byte, uint32_t *value) {
    if (!utf8) return NEFFOS_KEY_UNKNOWN;
    if (byte < 0xC0) {
        if (bytes_missing == 0) return NEFFOS_KEY_UNKNOWN;
        partial = partial << 6 | (byte & 0x3F);
        if (--bytes_missing > 0) return NEFFOS_KEY_UNKNOWN;
        *value = partial;
        return partial >= partial_least ? NEFFOS_KEY_CHARACTER : NEFFOS_KEY_UNKNOWN;
    }
    bytes_missing = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : byte < 0xF8 ? 3 : 0;
    partial = byte & (0x3F >> bytes_missing);
    // No other way to write what a shorter sequence could say.
    partial_least = bytes_missing == 1 ? 0x80 : bytes_missing == 2 ? 0x800 : 0x10000;
    return NEFFOS_KEY_UNKNOWN;
}

neffos_key neffos_screen_key(uint32_t *value) {
    // Bytes rather than wget_wch: that one loses a character whose bytes come apart, and what follows a byte that is none.
    int code = wgetch(key_pad);
    if (code == ERR) return NEFFOS_KEY_NONE;
    if (code >= 0x80 && code <= 0xFF) return assemble((uint32_t)code, value);
    bytes_missing = 0;
    if (code > 0xFF) return special(code, value);
    neffos_key key;
    if (code == 27 && skip_sequence(&key)) return key;
    *value = (uint32_t)code;
    return NEFFOS_KEY_CHARACTER;
}

unsigned neffos_screen_poll(bool with_input, int milliseconds) {
    struct pollfd fds[2] = {
        {.fd = neffos_guard_pipe(), .events = POLLIN},
        {.fd = with_input ? input_fd : -1, .events = POLLIN},
    };
    if (poll(fds, 2, milliseconds) <= 0) return 0;
    unsigned ready = 0;
    if (fds[0].revents) ready |= NEFFOS_READY_SIGNAL;
    if (fds[1].revents & POLLIN) ready |= NEFFOS_READY_INPUT;
    if (fds[1].revents & (POLLHUP | POLLERR | POLLNVAL)) ready |= NEFFOS_READY_GONE;
    return ready;
}
