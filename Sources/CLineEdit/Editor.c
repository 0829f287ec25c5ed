#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "Internal.h"

static wchar_t *current_prompt(EditLine *el) {
  void *editor = NULL;
  el_wget(el, EL_CLIENTDATA, &editor);
  return ((line_edit *)editor)->prompt;
}

static FILE *stream(int descriptor, const char *mode) {
  switch (descriptor) {
  case STDIN_FILENO: return stdin;
  case STDOUT_FILENO: return stdout;
  case STDERR_FILENO: return stderr;
  default: return fdopen(descriptor, mode);
  }
}

static bool can_edit(EditLine *el) {
  char *up = NULL, *clear_to_end = NULL;
  int enabled = 0;
  el_wget(el, EL_GETTC, "up", &up);
  el_wget(el, EL_GETTC, "ce", &clear_to_end);
  el_wget(el, EL_EDITMODE, &enabled);
  return up && *up && clear_to_end && *clear_to_end && enabled;
}

static bool start_history(line_edit *editor, int limit) {
  HistEventW event;
  editor->history = history_winit();
  if (!editor->history) return false;
  history_w(editor->history, &event, H_SETSIZE, limit);
  history_w(editor->history, &event, H_SETUNIQUE, 1);
  return el_wset(editor->el, EL_HIST, history_w, editor->history) == 0;
}

line_edit *line_edit_create(
    const char *program, int input, int output, int error, int history_limit, line_edit_callbacks callbacks) {
  FILE *in = stream(input, "r"), *out = stream(output, "w"), *err = stream(error, "w");
  line_edit *editor = calloc(1, sizeof *editor);
  if (!in || !out || !err || !editor) {
    free(editor);
    return NULL;
  }
  editor->output = out;
  editor->descriptor = input;
  editor->callbacks = callbacks;
  editor->prompt = calloc(1, sizeof *editor->prompt);
  editor->el = el_init(program, in, out, err);
  if (!editor->prompt || !editor->el || !start_history(editor, history_limit)) {
    line_edit_destroy(editor);
    return NULL;
  }
  el_wset(editor->el, EL_CLIENTDATA, editor);
  el_wset(editor->el, EL_SIGNAL, 0);
  el_wset(editor->el, EL_PROMPT_ESC, current_prompt, 1);
  el_wset(editor->el, EL_GETCFN, read_character);
  bind_keys(editor);
  if (!can_edit(editor->el)) {
    line_edit_destroy(editor);
    return NULL;
  }
  install_redraw_signals();
  return editor;
}

void line_edit_destroy(line_edit *editor) {
  if (editor->el) el_end(editor->el);
  if (editor->history) history_wend(editor->history);
  free(editor->prompt);
  free(editor->pasted);
  free(editor);
}

static bool set_prompt(line_edit *editor, const uint32_t *prompt) {
  wchar_t *copy = wcsdup((const wchar_t *)prompt);
  if (!copy) return false;
  free(editor->prompt);
  editor->prompt = copy;
  return true;
}

line_edit_outcome line_edit_read(line_edit *editor, const uint32_t *prompt) {
  if (!set_prompt(editor, prompt)) return LINE_EDIT_FAILED;
  forget_signals();
  line_edit_clear_interrupt();
  // An end without one of our keys being pressed is libedit's own, as ^D typed into a search.
  editor->outcome = LINE_EDIT_END_OF_INPUT;
  hold_signals();
  switch_bracketed_paste(editor, true);
  int count = 0;
  el_wgets(editor->el, &count);
  int saved = errno;
  bool is_interrupted = editor->outcome == LINE_EDIT_INTERRUPTED;
  // Where reading stopped between or within keys (-1), the cursor is still in the text.
  if (count < 0) move_to_end(editor);
  if (is_interrupted) fputs("^C", editor->output);
  if (is_interrupted || count < 0) fputc('\n', editor->output);
  switch_bracketed_paste(editor, false);
  fflush(editor->output);
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

void line_edit_replace(line_edit *editor, int count, const uint32_t *replacement) {
  if (count > 0) el_deletestr(editor->el, count);
  if (*replacement) el_winsertstr(editor->el, (const wchar_t *)replacement);
}

void line_edit_begin_output(line_edit *editor) {
  move_to_end(editor);
  fputc('\n', editor->output);
}

void line_edit_write(line_edit *editor, const char *bytes) { fputs(bytes, editor->output); }

uint32_t line_edit_next_key(line_edit *editor) {
  wchar_t key = 0;
  fflush(editor->output);
  return read_character(editor->el, &key) == 1 ? (uint32_t)key : 0;
}
