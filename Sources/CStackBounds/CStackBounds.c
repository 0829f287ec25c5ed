// pthread_getattr_np is declared for GNU sources only, so Swift does not see it.
#define _GNU_SOURCE
#include "CStackBounds.h"

#include <pthread.h>

#ifdef __APPLE__

int stack_bounds(uintptr_t *lowest, size_t *size) {
  *size = pthread_get_stacksize_np(pthread_self());
  *lowest = (uintptr_t)pthread_get_stackaddr_np(pthread_self()) - *size;
  return 0;
}

#else

int stack_bounds(uintptr_t *lowest, size_t *size) {
  pthread_attr_t attributes;
  int error = pthread_getattr_np(pthread_self(), &attributes);
  if (error != 0) return error;
  void *address = NULL;
  error = pthread_attr_getstack(&attributes, &address, size);
  *lowest = (uintptr_t)address;
  pthread_attr_destroy(&attributes);
  return error;
}

#endif
