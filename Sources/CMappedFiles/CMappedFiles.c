#include "CMappedFiles.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The jump buffer in use by the copy that this thread is in, or NULL.
static _Thread_local sigjmp_buf *volatile landing = NULL;
static struct sigaction previous;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void handle_bus_error(int signal_number) {
  if (landing) siglongjmp(*landing, 1);
  // Not ours: restore what was installed before; the faulting instruction runs again under it.
  sigaction(signal_number, &previous, NULL);
}

static void install_handler(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handle_bus_error;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &previous);
}

bool cmf_copy(void *destination, const void *source, size_t count) {
  pthread_once(&once, install_handler);
  sigjmp_buf buffer;
  if (sigsetjmp(buffer, 1)) {
    landing = NULL;
    return false;
  }
  landing = &buffer;
  atomic_signal_fence(memory_order_seq_cst);  // keeps the copy between the two assignments
  memcpy(destination, source, count);
  atomic_signal_fence(memory_order_seq_cst);
  landing = NULL;
  return true;
}

void cmf_release(const void *start, size_t count) {
  // Pages at the ends are shared with neighbours, who read them again.
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t first = (uintptr_t)start / page * page;
  uintptr_t end = ((uintptr_t)start + count + page - 1) / page * page;
  if (count > 0) madvise((void *)first, end - first, MADV_DONTNEED);
}
