#define _GNU_SOURCE  // wcwidth
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wctype.h>

#include "Internal.h"

bool line_edit_use_utf8_characters(void) {
  // Only LC_CTYPE: numbers keep the C locale's decimal point.
  if (setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  return setlocale(LC_CTYPE, "C.UTF-8") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int line_edit_columns_of(uint32_t scalar) {
  int columns = wcwidth((wchar_t)scalar);
  return columns > 0 ? columns : 0;
}

void line_edit_terminal_size(int descriptor, int *rows, int *columns) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) memset(&size, 0, sizeof size);
  *rows = size.ws_row < 1 ? 24 : size.ws_row;
  *columns = size.ws_col < 2 ? 80 : size.ws_col;  // libedit's own bounds
}

/// Puts cells one after the other, and a wide one whole, as libedit does.
static void put(screen_position *at, int cells, int columns) {
  if (at->column + cells > columns) *at = (screen_position){at->row + 1, 0};
  at->column += cells;
  if (at->column >= columns) *at = (screen_position){at->row + 1, 0};
}

static void advance(screen_position *at, wchar_t character, int columns) {
  if (character == L'\n') {
    *at = (screen_position){at->row + 1, 0};
  } else if (character == L'\t') {
    do put(at, 1, columns);
    while (at->column % 8 != 0);
  } else if (iswprint((wint_t)character)) {
    put(at, line_edit_columns_of((uint32_t)character), columns);
  } else {
    // ^X, \U+12AB or \U+12ABC
    int cells = character < 0x100 && iswcntrl((wint_t)character) ? 2 : character > 0xFFFF ? 8 : 7;
    while (cells-- > 0) put(at, 1, columns);
  }
}

static screen_position after_prompt(const wchar_t *prompt, int columns) {
  screen_position at = {0, 0};
  bool visible = true;
  for (; *prompt; prompt++) {
    if (*prompt == 1)
      visible = !visible;
    else if (visible)
      advance(&at, *prompt, columns);
  }
  return at;
}

void measure(line_edit *editor, screen_position *cursor, screen_position *end) {
  int rows, columns;
  line_edit_terminal_size(editor->descriptor, &rows, &columns);
  const LineInfoW *line = el_wline(editor->el);
  screen_position at = after_prompt(editor->prompt, columns);
  *cursor = at;
  for (const wchar_t *p = line->buffer; p < line->lastchar; p++) {
    if (p == line->cursor) *cursor = at;
    advance(&at, *p, columns);
  }
  if (line->cursor >= line->lastchar) *cursor = at;
  *end = at;
  // Of a text taller than the screen libedit shows the end.
  if (cursor->row >= rows) cursor->row = rows - 1;
  if (end->row >= rows) end->row = rows - 1;
}

void move_to_end(line_edit *editor) {
  screen_position cursor, end;
  measure(editor, &cursor, &end);
  for (int row = cursor.row; row < end.row; row++) fputc('\n', editor->output);
  if (end.row != cursor.row || end.column != cursor.column) {
    wchar_t column[16];
    swprintf(column, 16, L"%d", end.column);
    fputc('\r', editor->output);
    if (end.column > 0) el_wset(editor->el, EL_ECHOTC, L"-s", L"ch", column, NULL);
  }
  fflush(editor->output);
}

void redraw_in_place(line_edit *editor) {
  screen_position cursor, end;
  measure(editor, &cursor, &end);
  fputc('\r', editor->output);
  while (cursor.row-- > 0) el_wset(editor->el, EL_ECHOTC, L"-s", L"up", NULL);
  el_wset(editor->el, EL_ECHOTC, L"-s", L"cd", NULL);
  line_edit_redraw(editor);
}

void line_edit_redraw(line_edit *editor) {
  el_resize(editor->el);
  el_wset(editor->el, EL_REFRESH);
}

void switch_bracketed_paste(line_edit *editor, bool on) {
  fputs(on ? "\033[?2004h" : "\033[?2004l", editor->output);
  fflush(editor->output);
}
