#ifndef IPSH_PSEUDO_TERMINAL_H
#define IPSH_PSEUDO_TERMINAL_H

#include <sys/types.h>

/// Starts a program as the leader of a session on a new terminal of the given size. `arguments` (with the program's
/// name first) and `environment` are ended by NULL; `directory` NULL stays where it is.
/// Returns the process, -1 on failure (errno says why).
pid_t pseudo_terminal_start(
    const char *program, char *const *arguments, char *const *environment, const char *directory,
    unsigned short rows, unsigned short columns, int *terminal);

/// Starts a program with the three descriptors as its stdin, stdout and stderr.
pid_t program_start(
    const char *program, char *const *arguments, char *const *environment, const char *directory,
    const int descriptors[3]);

/// 0, or -1 with errno. The foreground process group gets SIGWINCH.
int pseudo_terminal_resize(int terminal, unsigned short rows, unsigned short columns);

/// What `wait` says of a process, without waiting: 0 still running, 1 ended with `status`, -1 failed.
/// `status` is the exit code, or 128 + the signal that ended it.
int process_status(pid_t process, int *status);

/// The file that this very code was loaded from, without links; the caller frees it. NULL if that is unknown.
char *path_of_this_code(void);

#endif
