#include "CRevision.h"

const char *ipsh_commit(void) { return IPSH_COMMIT; }
