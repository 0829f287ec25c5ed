#define _GNU_SOURCE  // dladdr, posix_spawn's extensions
#include "CPseudoTerminal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#if defined(__linux__)
#include <pty.h>
#else
#include <util.h>
#endif

// posix_spawn, not fork: the handlers that OpenBLAS registers for fork wait for its threads, which may be at work
// in another test of this process.

/// Nothing of the parent but the three standard descriptors that `actions` sets up.
static pid_t start(
    const char *program, char *const *arguments, char *const *environment, const char *directory,
    posix_spawn_file_actions_t *actions, short flags) {
  if (directory) posix_spawn_file_actions_addchdir_np(actions, directory);
#if defined(__linux__)
  posix_spawn_file_actions_addclosefrom_np(actions, 3);
#else
  flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  pid_t process = -1;
  int problem = posix_spawn(&process, program, actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  errno = problem;
  return problem == 0 ? process : -1;
}

pid_t pseudo_terminal_start(
    const char *program, char *const *arguments, char *const *environment, const char *directory,
    unsigned short rows, unsigned short columns, int *terminal) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  int inner;
  char name[256];
  if (openpty(terminal, &inner, name, NULL, &size) != 0) return -1;
  fcntl(*terminal, F_SETFD, FD_CLOEXEC);
  fcntl(inner, F_SETFD, FD_CLOEXEC);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // The leader of a new session gets the first terminal that it opens as its own.
  posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, 0, 1);
  posix_spawn_file_actions_adddup2(&actions, 0, 2);
  pid_t process = start(program, arguments, environment, directory, &actions, POSIX_SPAWN_SETSID);
  posix_spawn_file_actions_destroy(&actions);
  close(inner);
  if (process < 0) close(*terminal);
  return process;
}

pid_t program_start(
    const char *program, char *const *arguments, char *const *environment, const char *directory,
    const int descriptors[3]) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int i = 0; i < 3; i++) posix_spawn_file_actions_adddup2(&actions, descriptors[i], i);
  pid_t process = start(program, arguments, environment, directory, &actions, 0);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

int pseudo_terminal_resize(int terminal, unsigned short rows, unsigned short columns) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  return ioctl(terminal, TIOCSWINSZ, &size);
}

int process_status(pid_t process, int *status) {
  int raw = 0;
  pid_t ended = waitpid(process, &raw, WNOHANG);
  if (ended == 0) return 0;
  if (ended < 0) return errno == EINTR ? 0 : -1;
  *status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
  return 1;
}

char *path_of_this_code(void) {
  Dl_info image;
  return dladdr((void *)path_of_this_code, &image) && image.dli_fname ? realpath(image.dli_fname, NULL) : NULL;
}
