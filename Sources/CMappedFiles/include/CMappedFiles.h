#ifndef IPSH_MAPPED_FILES_H
#define IPSH_MAPPED_FILES_H
#include <stdbool.h>
#include <stddef.h>

/// Copies `count` bytes out of a memory-mapped file. Returns false, with `destination` partly
/// written, when a page cannot be read any more because the file was truncated or its device
/// failed; the kernel reports that as SIGBUS, which this function catches for its own thread.
bool cmf_copy(void *destination, const void *source, size_t count);

/// Takes the pages of a part of a memory-mapped file out of the memory of the process; those that
/// are needed again are read again.
void cmf_release(const void *start, size_t count);
#endif
