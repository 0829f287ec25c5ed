#ifndef IPSH_STACK_BOUNDS_H
#define IPSH_STACK_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

// The stack of the calling thread: its lowest address and its size in bytes.
// Returns 0, or an error number when the system does not tell.
int stack_bounds(uintptr_t *lowest, size_t *size);

#endif
