#ifndef IPSH_PCRE2_SHIM_H
#define IPSH_PCRE2_SHIM_H
// Texts are arrays of Unicode scalars, which are UTF-32.
#define PCRE2_CODE_UNIT_WIDTH 32
#include <pcre2.h>
#endif
