#ifndef IPSH_KERNELS_H
#define IPSH_KERNELS_H
#endif
