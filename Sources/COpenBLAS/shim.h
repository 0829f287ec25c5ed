#ifndef IPSH_OPENBLAS_SHIM_H
#define IPSH_OPENBLAS_SHIM_H
#include <cblas.h>
#endif
