#ifndef CMEMORYUSE_H
#define CMEMORYUSE_H

#include <stddef.h>

struct memory_use {
  // Bytes of this process that were allocated and not freed.
  size_t held;
  // Pieces between them that are free: finding the bytes took a walk over these.
  size_t free_pieces;
};

// What the allocator knows; both are 0 where it does not tell.
struct memory_use memory_use(void);

// Gives free memory back to the system, also what lies between pieces that are held.
void memory_return(void);

#endif
