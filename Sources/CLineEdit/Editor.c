#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "Internal.h"

line_edit *owner(EditLine *el) {
  void *editor = NULL;
  el_wget(el, EL_CLIENTDATA, &editor);
  return editor;
}

static FILE *stream(int descriptor, const char *mode) {
  switch (descriptor) {
  case STDIN_FILENO: return stdin;
  case STDOUT_FILENO: return stdout;
  case STDERR_FILENO: return stderr;
  default: return fdopen(descriptor, mode);
  }
}

/// Whether the user wants it, and the terminal can move its cursor and clear lines.
static bool can_edit(EditLine *el) {
  char *up = NULL, *clear = NULL;
  int enabled = 0;
  el_wget(el, EL_GETTC, "up", &up);
  el_wget(el, EL_GETTC, "ce", &clear);
  el_wget(el, EL_EDITMODE, &enabled);
  return up && *up && clear && *clear && enabled;
}

static bool start_history(line_edit *editor, int limit) {
  HistEventW event;
  editor->history = history_winit();
  if (!editor->history) return false;
  history_w(editor->history, &event, H_SETSIZE, limit);
  history_w(editor->history, &event, H_SETUNIQUE, 1);
  return el_wset(editor->el, EL_HIST, history_w, editor->history) == 0;
}

static void set_rows(line_edit *editor, int rows) {
  wchar_t number[16];
  swprintf(number, 16, L"%d", rows);
  el_wset(editor->el, EL_SETTC, L"li", number, NULL);
  el_wset(editor->el, EL_REFRESH);
  editor->libedit_rows = rows;
}

enum { LIBEDIT_COLUMNS = 80 };

void make_room(line_edit *editor) {
  const LineInfoW *line = el_wline(editor->el);
  int rows = 8 + (int)(line->lastchar - line->buffer) * 8 / LIBEDIT_COLUMNS;
  for (const wchar_t *p = line->buffer; p < line->lastchar; p++) rows += *p == L'\n';
  if (rows > editor->libedit_rows) set_rows(editor, rows * 2);
}

/// libedit's own drawing writes outside of its buffers on small terminals and with texts taller than the screen, so it
/// gets one that is none: of a fixed width, and always tall enough.
static bool detach_from_terminal(line_edit *editor) {
  editor->nothing = fopen("/dev/null", "r");
  editor->nowhere = fopen("/dev/null", "w");
  if (!editor->nothing || !editor->nowhere) return false;
  // It believes to have the modes for editing from now on, and does not set any.
  el_wset(editor->el, EL_PREP_TERM, 1);
  tcsetattr(editor->descriptor, TCSADRAIN, &editor->modes);
  el_wset(editor->el, EL_SETFP, 0, editor->nothing);
  el_wset(editor->el, EL_SETFP, 1, editor->nowhere);
  el_wset(editor->el, EL_SETTC, L"co", L"80", NULL);
  set_rows(editor, 64);
  return true;
}

static bool start(
    line_edit *editor, const char *program, int input, int output, int error, int history_limit, const char *settings) {
  FILE *in = stream(input, "r"), *out = stream(output, "w"), *err = stream(error, "w");
  if (!in || !out || !err) return false;
  editor->screen.output = out;
  editor->screen.descriptor = editor->descriptor = input;
  tcgetattr(input, &editor->modes);
  editor->el = el_init(program, in, out, err);
  if (!editor->el || !start_history(editor, history_limit)) return false;
  el_wset(editor->el, EL_CLIENTDATA, editor);
  el_wset(editor->el, EL_SIGNAL, 0);
  el_wset(editor->el, EL_GETCFN, read_character);
  bind_keys(editor->el, settings);
  return can_edit(editor->el) && detach_from_terminal(editor);
}

line_edit *line_edit_create(
    const char *program, int input, int output, int error, int history_limit, const char *settings,
    line_edit_callbacks callbacks) {
  line_edit *editor = calloc(1, sizeof *editor);
  if (!editor) return NULL;
  editor->callbacks = callbacks;
  if (!start(editor, program, input, output, error, history_limit, settings)) {
    line_edit_destroy(editor);
    return NULL;
  }
  install_redraw_signals();
  return editor;
}

void line_edit_destroy(line_edit *editor) {
  if (editor->el) el_end(editor->el);
  if (editor->history) history_wend(editor->history);
  if (editor->nothing) fclose(editor->nothing);
  if (editor->nowhere) fclose(editor->nowhere);
  display_end(&editor->screen);
  free(editor->pasted);
  free(editor);
}

line_edit_outcome line_edit_read(line_edit *editor, const uint32_t *prompt, const uint32_t *continuation) {
  if (!display_start(&editor->screen, prompt, continuation)) return LINE_EDIT_FAILED;
  line_edit_clear_interrupt();
  editor->outcome = LINE_EDIT_UNFINISHED;
  editor->has_searched = false;
  hold_signals();
  take_terminal(editor);
  int count = 0;
  // libedit ends the input also where nobody asked for it: by `x` on an empty line in vi's command mode.
  while (editor->outcome == LINE_EDIT_UNFINISHED) el_wgets(editor->el, &count);
  int saved = errno;
  display_finish(&editor->screen, editor->el);
  fputs(editor->outcome == LINE_EDIT_INTERRUPTED ? "^C\n" : "\n", editor->screen.output);
  give_terminal_back(editor);
  release_signals();
  errno = saved;
  return editor->outcome;
}

line_edit_text line_edit_current_text(line_edit *editor) {
  const LineInfoW *line = el_wline(editor->el);
  return (line_edit_text){
      .scalars = (const uint32_t *)line->buffer,
      .count = (int)(line->lastchar - line->buffer),
      .cursor = (int)(line->cursor - line->buffer),
  };
}

void line_edit_add_history(line_edit *editor, const uint32_t *entry) {
  HistEventW event;
  history_w(editor->history, &event, H_ENTER, (const wchar_t *)entry);
}

void line_edit_set_text(line_edit *editor, const uint32_t *text, int cursor) {
  EditLine *el = editor->el;
  const LineInfoW *line = el_wline(el);
  if (*text) {
    // Unlike deleting and inserting, this leaves what was killed for ^Y.
    el_wreplacestr(el, (const wchar_t *)text);
  } else {
    el_cursor(el, (int)(line->lastchar - line->cursor));
    el_deletestr(el, (int)(line->lastchar - line->buffer));
  }
  el_cursor(el, cursor - (int)(line->cursor - line->buffer));
}

bool line_edit_has_searched(line_edit *editor) { return editor->has_searched; }

void line_edit_begin_output(line_edit *editor) {
  display_finish(&editor->screen, editor->el);
  fputc('\n', editor->screen.output);
  editor->screen.is_suspended = true;
  display_forget(&editor->screen);
}

void line_edit_begin_below(line_edit *editor) {
  display_finish(&editor->screen, editor->el);
  fputc('\n', editor->screen.output);
  editor->screen.is_suspended = true;
}

void line_edit_clear_below(line_edit *editor) { fputs("\r\033[J", editor->screen.output); }

void line_edit_end_below(line_edit *editor) {
  display *d = &editor->screen;
  line_edit_clear_below(editor);
  // After a change of the width the text is drawn anew, from here.
  if (d->is_shown) fputs("\033[A", d->output);
  if (d->is_shown && d->at.column > 0) fprintf(d->output, "\033[%dC", d->at.column);
  d->is_suspended = false;
}

int line_edit_text_rows(line_edit *editor) { return editor->screen.at.row - editor->screen.top + 1; }

bool line_edit_key_goes_on(line_edit *editor) { return editor->pushed_back_count > 0; }

void line_edit_push_back(line_edit *editor, uint32_t key) {
  if (key < 0x80) editor->pushed_back[editor->pushed_back_count++] = (unsigned char)key;
}

void line_edit_write(line_edit *editor, const char *bytes) { fputs(bytes, editor->screen.output); }

uint32_t line_edit_next_key(line_edit *editor) {
  wchar_t key = 0;
  fflush(editor->screen.output);
  return read_character(editor->el, &key) == 1 ? (uint32_t)key : 0;
}
