#ifndef IPSH_REVISION_H
#define IPSH_REVISION_H

// The commit that the program was built from, `-dirty` behind it when the sources differed from it; `unknown` when
// the build was not told. A module of its own, so that a new commit recompiles nothing else.
const char *ipsh_commit(void);

#endif
