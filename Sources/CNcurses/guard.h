// What screen.c needs of guard.c.

#ifndef NEFFOS_GUARD_H
#define NEFFOS_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/// Prepares the self-pipe. Returns false where there are no descriptors left.
bool neffos_guard_prepare(void);
int neffos_guard_pipe(void);
/// Remembers how the terminal was, and the bytes that undo what curses does to it. Returns false where there are no descriptors left.
bool neffos_guard_arm(int fd, const struct termios *modes, const char *bytes, size_t count);
void neffos_guard_disarm(void);
/// Whether the screen is set up, so that a crash has something to restore.
void neffos_guard_set_active(bool is_active);
/// Installs the handlers, remembering those that were there.
void neffos_guard_install(void);
/// Puts back the handlers that were there.
void neffos_guard_uninstall(void);

#endif
