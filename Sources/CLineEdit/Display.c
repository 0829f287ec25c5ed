#include <limits.h>
#include <stdlib.h>
#include <wctype.h>

#include "Pen.h"

// What the person sees is drawn here, not by libedit, whose display loses its place in long lines (it clears the next
// row when a change ends in the last column), with wide characters, and with texts taller than the screen.
//
// Rows count from the prompt's. A line that fills a row goes on in the next, and so does the cursor.

static void put_prompt(pen *p, const wchar_t *prompt) {
  for (; *prompt; prompt++) put(p, *prompt);
}

/// Writes text from `start` to `end`, after the prompt if it starts at 0.
static void put_text(pen *p, const display *d, const wchar_t *text, int start, int end) {
  if (start == 0) put_prompt(p, d->prompt);
  for (int i = start; i < end; i++) {
    put(p, text[i]);
    if (text[i] == L'\n') put_prompt(p, d->continuation);
  }
}

/// Where the text up to `index` ends.
static screen_position place(const display *d, const wchar_t *text, int index, int columns) {
  pen p = measuring(columns);
  put_text(&p, d, text, 0, index);
  return p.at;
}

/// Where the cursor stands on a character: in the next row, if that is wide and does not fit.
static screen_position cursor_place(const display *d, const wchar_t *text, int count, int index, int columns) {
  screen_position at = place(d, text, index, columns);
  bool is_wide = index < count && line_edit_columns_of((uint32_t)text[index]) > 1;
  return is_wide && at.column + 2 > columns ? (screen_position){at.row + 1, 0} : at;
}

static void move(display *d, screen_position from, screen_position to) {
  if (to.row < from.row) fprintf(d->output, "\033[%dA", from.row - to.row);
  for (int row = from.row; row < to.row; row++) fputc('\n', d->output);
  // Going down also went to the first column.
  if (to.row > from.row) from.column = 0;
  if (to.column == from.column) return;
  fputc('\r', d->output);
  if (to.column > 0) fprintf(d->output, "\033[%dC", to.column);
}

/// The first row to show of a text that may be taller than the screen.
static int window_top(const display *d, int cursor_row, int end_row, int rows) {
  if (end_row < rows) return 0;
  int top = d->top;
  if (top > end_row - rows + 1) top = end_row - rows + 1;
  if (top > cursor_row) top = cursor_row;
  if (top < cursor_row - rows + 1) top = cursor_row - rows + 1;
  return top;
}

/// How much of the text shown is still right.
static int unchanged_prefix(const display *d, const wchar_t *text, int count) {
  int same = 0;
  while (same < count && same < d->count && text[same] == d->text[same]) same++;
  // What combines with a character is written with it.
  while (same > 0 && same < count && line_edit_columns_of((uint32_t)text[same]) == 0 && iswprint((wint_t)text[same]))
    same--;
  return same;
}

static void remember(display *d, const wchar_t *text, int count) {
  if (count > d->capacity) {
    wchar_t *larger = realloc(d->text, (size_t)count * 2 * sizeof *larger);
    if (!larger) {
      // Without a memory of what is shown everything is drawn anew.
      count = 0;
    } else {
      d->text = larger;
      d->capacity = count * 2;
    }
  }
  if (count > 0) wmemcpy(d->text, text, (size_t)count);
  d->count = count;
}

/// Writes what has changed from `start` on. `end` is where the text ends.
static void write_from(display *d, const wchar_t *text, int count, int start, screen_position end, int top, int rows) {
  screen_position from = place(d, text, start, d->columns);
  // Changes may also begin below the window: letters like those before them were inserted above.
  if (d->is_shown && top == d->top && from.row >= top + rows) return;
  bool is_anew = !d->is_shown || top != d->top || start == 0 || from.row < top;
  if (is_anew) {
    start = 0;
    from = (screen_position){0, 0};
    if (d->is_shown) move(d, (screen_position){d->at.row - d->top, -1}, from);
  } else {
    move(d, d->at, from);
  }
  pen p = {.at = from, .columns = d->columns, .top = top, .bottom = top + rows, .output = d->output};
  put_text(&p, d, text, start, count);
  settle(&p);
  bool shows_end = end.row < p.bottom;
  if (shows_end) fputs("\033[J", d->output);
  // Where the text goes on below the window the terminal's cursor stays in the last row.
  d->at = shows_end ? end : (screen_position){p.bottom - 1, -1};
}

/// Brings the screen up to date, in a window of so many rows.
static void draw(display *d, const wchar_t *text, int count, int cursor, int rows) {
  screen_position end = place(d, text, count, d->columns);
  screen_position target = cursor_place(d, text, count, cursor, d->columns);
  int top = window_top(d, target.row, end.row, rows);
  int start = unchanged_prefix(d, text, count);
  bool is_same = d->is_shown && start == count && start == d->count && top == d->top;
  if (!is_same) write_from(d, text, count, start, end, top, rows);
  move(d, d->at, target);
  fflush(d->output);
  remember(d, text, count);
  d->at = target;
  d->cursor = cursor;
  d->top = top;
  d->is_shown = true;
}

static wchar_t *copied(const uint32_t *text) { return wcsdup((const wchar_t *)text); }

bool display_start(display *d, const uint32_t *prompt, const uint32_t *continuation) {
  wchar_t *first = copied(prompt), *further = copied(continuation);
  if (!first || !further) {
    free(first);
    free(further);
    return false;
  }
  free(d->prompt);
  free(d->continuation);
  d->prompt = first;
  d->continuation = further;
  d->is_suspended = false;
  display_forget(d);
  return true;
}

void display_end(display *d) {
  free(d->prompt);
  free(d->continuation);
  free(d->text);
}

void display_forget(display *d) {
  int rows;
  line_edit_terminal_size(d->descriptor, &rows, &d->columns);
  d->is_shown = false;
  d->count = 0;
  d->top = 0;
}

void display_update(display *d, EditLine *el) {
  if (d->is_suspended) return;
  int rows, columns;
  line_edit_terminal_size(d->descriptor, &rows, &columns);
  const LineInfoW *line = el_wline(el);
  draw(d, line->buffer, (int)(line->lastchar - line->buffer), (int)(line->cursor - line->buffer), rows);
}

void display_finish(display *d, EditLine *el) {
  if (d->is_suspended) return;
  const LineInfoW *line = el_wline(el);
  int count = (int)(line->lastchar - line->buffer);
  // Whatever the screen's height, all of the text: what scrolls off can be looked up in the terminal.
  draw(d, line->buffer, count, count, INT_MAX);
}

void display_resize(display *d) {
  if (!d->is_shown) return;
  int rows, columns;
  line_edit_terminal_size(d->descriptor, &rows, &columns);
  // Terminals wrap long lines anew, so the rows above the cursor are counted at the new width.
  int above = cursor_place(d, d->text, d->count, d->cursor, columns).row - d->top;
  if (above > rows - 1) above = rows - 1;
  if (above > 0) fprintf(d->output, "\033[%dA", above);
  fputs("\r\033[J", d->output);
  display_forget(d);
}
