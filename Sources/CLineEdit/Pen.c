#include "Pen.h"

#include <wctype.h>

pen measuring(int columns) { return (pen){.columns = columns}; }

bool is_visible(const pen *p, int row) { return p->output && row >= p->top && row < p->bottom; }

static void next_row(pen *p, bool wraps) {
  p->is_pending = wraps && is_visible(p, p->at.row);
  p->at = (screen_position){p->at.row + 1, 0};
}

void settle(pen *p) {
  if (p->is_pending && is_visible(p, p->at.row)) fputs(" \r", p->output);
  p->is_pending = false;
}

static void put_character(pen *p, wchar_t character, int cells) {
  // A wide character that does not fit leaves the last column blank.
  while (p->at.column + cells > p->columns) put_character(p, L' ', 1);
  if (is_visible(p, p->at.row)) {
    fprintf(p->output, "%lc", (wint_t)character);
    p->is_pending = false;
  }
  p->at.column += cells;
  if (p->at.column >= p->columns) next_row(p, true);
}

static void put_newline(pen *p) {
  settle(p);
  if (is_visible(p, p->at.row)) {
    fputs("\033[K", p->output);
    if (is_visible(p, p->at.row + 1)) fputc('\n', p->output);
  }
  next_row(p, false);
}

/// Control characters show as ^X, others that cannot be printed, or should not be, as \U+12AB.
static void put_in_words(pen *p, wchar_t character) {
  wchar_t words[16];
  if (character < 0x80)
    swprintf(words, 16, L"^%lc", (wint_t)(character ^ 0x40));
  else
    swprintf(words, 16, L"\\U+%04X", (unsigned)character);
  for (const wchar_t *word = words; *word; word++) put_character(p, *word, 1);
}

/// Whether the character turns the direction in which the terminal writes what follows (Unicode's Bidi_Control).
static bool turns_direction(wchar_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void put(pen *p, wchar_t character) {
  if (character == L'\n') {
    put_newline(p);
  } else if (character == L'\t') {
    do put_character(p, L' ', 1);
    while (p->at.column % 8 != 0);
  } else if (iswprint((wint_t)character) && !turns_direction(character)) {
    put_character(p, character, line_edit_columns_of((uint32_t)character));
  } else {
    put_in_words(p, character);
  }
}
