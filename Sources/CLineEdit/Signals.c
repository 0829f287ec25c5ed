#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "Internal.h"

static atomic_bool interrupt_requested;
// Whether SIGTERM interrupts, and whether it has come.
static atomic_bool termination_interrupts, termination_requested;
static int pipe_ends[2] = {-1, -1};

static const int held[] = {SIGTSTP, SIGTERM, SIGHUP, SIGQUIT};
enum { HELD_COUNT = sizeof held / sizeof *held };
static struct sigaction before_holding[HELD_COUNT];

static void report(int number) {
  int saved = errno;
  bool terminates = number == SIGTERM && atomic_load(&termination_interrupts);
  if (terminates) atomic_store(&termination_requested, true);
  if (number == SIGINT || terminates) atomic_store(&interrupt_requested, true);
  unsigned char byte = (unsigned char)number;
  // A full pipe loses nothing that matters: the flag is set, and a reader that far behind redraws anyway.
  ssize_t ignored = write(pipe_ends[1], &byte, 1);
  (void)ignored;
  errno = saved;
}

static void handle(int number, struct sigaction *before) {
  struct sigaction action = {.sa_handler = report, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  struct sigaction present;
  sigaction(number, NULL, &present);
  if (before) *before = present;
  // What the parent process had ignored (nohup, a background job) stays ignored.
  if (present.sa_handler != SIG_IGN) sigaction(number, &action, NULL);
}

static bool open_pipe(void) {
  if (pipe_ends[0] >= 0) return false;
  if (pipe(pipe_ends) != 0) return false;
  for (int i = 0; i < 2; i++) {
    fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK);
  }
  return true;
}

void line_edit_install_interrupts(void) {
  if (open_pipe()) handle(SIGINT, NULL);
}

void line_edit_install_termination(void) {
  atomic_store(&termination_interrupts, true);
  handle(SIGTERM, NULL);
}

bool line_edit_termination_requested(void) { return atomic_load(&termination_requested); }

bool line_edit_interrupt_requested(void) {
  return atomic_load_explicit(&interrupt_requested, memory_order_relaxed);
}

void line_edit_clear_interrupt(void) {
  atomic_store(&interrupt_requested, false);
  while (next_signal() != 0) continue;
}

void install_redraw_signals(void) {
  handle(SIGWINCH, NULL);
  handle(SIGCONT, NULL);
}

void hold_signals(void) {
  for (int i = 0; i < HELD_COUNT; i++) handle(held[i], &before_holding[i]);
}

static bool is_held(int number) {
  for (int i = 0; i < HELD_COUNT; i++)
    if (held[i] == number) return true;
  return false;
}

void release_signals(void) {
  for (int i = 0; i < HELD_COUNT; i++) sigaction(held[i], &before_holding[i], NULL);
  for (int number; (number = next_signal()) != 0;)
    if (is_held(number)) raise(number);
}

void deliver(int number) {
  for (int i = 0; i < HELD_COUNT; i++) {
    if (held[i] != number) continue;
    struct sigaction reporting;
    sigaction(number, &before_holding[i], &reporting);
    raise(number);
    sigaction(number, &reporting, NULL);
  }
}

int next_signal(void) {
  unsigned char byte;
  return read(pipe_ends[0], &byte, 1) == 1 ? byte : 0;
}

int signal_descriptor(void) { return pipe_ends[0]; }
