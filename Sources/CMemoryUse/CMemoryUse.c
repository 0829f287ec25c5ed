#ifdef __linux__
#include <features.h>
#endif
#include "CMemoryUse.h"

#ifdef __APPLE__

#include <malloc/malloc.h>

struct memory_use memory_use(void) {
  malloc_statistics_t statistics;
  malloc_zone_statistics(NULL, &statistics);
  return (struct memory_use){.held = statistics.size_in_use, .free_pieces = 0};
}

void memory_return(void) { malloc_zone_pressure_relief(NULL, 0); }

#elif defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)

#include <malloc.h>

// Of the arenas of all threads; large blocks are mapped one by one.
struct memory_use memory_use(void) {
  struct mallinfo2 information = mallinfo2();
  return (struct memory_use){
      .held = information.uordblks + information.hblkhd,
      .free_pieces = information.ordblks + information.smblks,
  };
}

void memory_return(void) { malloc_trim(0); }

#else

struct memory_use memory_use(void) { return (struct memory_use){.held = 0, .free_pieces = 0}; }

void memory_return(void) {}

#endif
