#ifndef IPSH_LINE_EDIT_H
#define IPSH_LINE_EDIT_H
#endif
