#ifndef IPSH_LINE_EDIT_PEN_H
#define IPSH_LINE_EDIT_PEN_H

#include "Internal.h"

/// Follows what a terminal shows of some output, and writes the rows from `top` up to `bottom`.
typedef struct {
  screen_position at;
  int columns, top, bottom;
  FILE *output;  // NULL: only measures
  /// The last row is full, and the terminal's cursor still in it.
  bool is_pending;
} pen;

/// A pen at the start that writes nothing.
pen measuring(int columns);
bool is_visible(const pen *p, int row);
void put(pen *p, wchar_t character);
/// Has the terminal follow into the row after a full one.
void settle(pen *p);

#endif
