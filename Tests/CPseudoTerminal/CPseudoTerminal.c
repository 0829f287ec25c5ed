#define _GNU_SOURCE  // close_range, dladdr
#include "CPseudoTerminal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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

/// In the child, before the program runs: nothing of the parent but the three standard descriptors.
static void become(
    const char *program, char *const *arguments, char *const *environment, const char *directory) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
#if defined(__linux__)
  close_range(3, ~0u, 0);
#else
  for (int descriptor = getdtablesize() - 1; descriptor > 2; descriptor--) close(descriptor);
#endif
  if (!directory || chdir(directory) == 0) execve(program, arguments, environment);
  _exit(127);
}

pid_t pseudo_terminal_start(
    const char *program, char *const *arguments, char *const *environment, const char *directory,
    unsigned short rows, unsigned short columns, int *terminal) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  pid_t process = forkpty(terminal, NULL, NULL, &size);
  if (process == 0) become(program, arguments, environment, directory);
  if (process > 0) fcntl(*terminal, F_SETFD, FD_CLOEXEC);
  return process;
}

pid_t program_start(
    const char *program, char *const *arguments, char *const *environment, const char *directory,
    const int descriptors[3]) {
  pid_t process = fork();
  if (process != 0) return process;
  // First out of the way of 0, 1 and 2, then into place.
  int moved[3];
  for (int i = 0; i < 3; i++) moved[i] = fcntl(descriptors[i], F_DUPFD, 3);
  for (int i = 0; i < 3; i++)
    if (moved[i] < 0 || dup2(moved[i], i) < 0) _exit(127);
  become(program, arguments, environment, directory);
  return -1;
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
