#pragma once

#include <stddef.h>

/// What this process has been given by glibc's allocator and not returned; the header that tells is in no Swift module.
size_t ca_bytes_in_use(void);
