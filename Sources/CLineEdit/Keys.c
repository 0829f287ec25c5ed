#include <stdlib.h>

#include "Internal.h"

static unsigned char beep(line_edit *editor) {
  fputc('\a', editor->screen.output);
  fflush(editor->screen.output);
  return CC_NORM;
}

static unsigned char insert(EditLine *el, const wchar_t *text) {
  return el_winsertstr(el, text) == 0 ? CC_REFRESH : CC_ERROR;
}

static unsigned char submit_or_continue(EditLine *el, wint_t key) {
  (void)key;
  line_edit *editor = owner(el);
  if (!editor->callbacks.accepts(editor->callbacks.context)) return insert(el, L"\n");
  editor->outcome = LINE_EDIT_SUBMITTED;
  return CC_NEWLINE;
}

static unsigned char complete_word(EditLine *el, wint_t key) {
  (void)key;
  line_edit *editor = owner(el);
  bool has_edited = editor->callbacks.completes(editor->callbacks.context);
  if (editor->outcome == LINE_EDIT_INTERRUPTED) return CC_EOF;
  editor->screen.is_suspended = false;
  return has_edited ? CC_REFRESH : beep(editor);
}

static unsigned char delete_or_end(EditLine *el, wint_t key) {
  (void)key;
  const LineInfoW *line = el_wline(el);
  if (line->lastchar == line->buffer) {
    owner(el)->outcome = LINE_EDIT_END_OF_INPUT;
    return CC_EOF;
  }
  if (line->cursor == line->lastchar) return beep(owner(el));
  el_cursor(el, 1);
  el_deletestr(el, 1);
  return CC_REFRESH;
}

static unsigned char insert_paste(EditLine *el, wint_t key) {
  (void)key;
  line_edit *editor = owner(el);
  if (!editor->pasted) return CC_ERROR;
  unsigned char result = editor->pasted[0] ? insert(el, editor->pasted) : CC_NORM;
  free(editor->pasted);
  editor->pasted = NULL;
  return result;
}

static const wchar_t *start_of_line(const LineInfoW *text, const wchar_t *at) {
  while (at > text->buffer && at[-1] != L'\n') at--;
  return at;
}

static const wchar_t *end_of_line(const LineInfoW *text, const wchar_t *at) {
  while (at < text->lastchar && *at != L'\n') at++;
  return at;
}

static unsigned char move_to(EditLine *el, const wchar_t *target) {
  el_cursor(el, (int)(target - el_wline(el)->cursor));
  return CC_CURSOR;
}

static unsigned char to_line_start(EditLine *el, wint_t key) {
  (void)key;
  const LineInfoW *text = el_wline(el);
  return move_to(el, start_of_line(text, text->cursor));
}

static unsigned char to_line_end(EditLine *el, wint_t key) {
  (void)key;
  const LineInfoW *text = el_wline(el);
  return move_to(el, end_of_line(text, text->cursor));
}

static unsigned char recall(EditLine *el, bool older) {
  line_edit *editor = owner(el);
  return editor->callbacks.recalls(editor->callbacks.context, older) ? CC_REFRESH : beep(editor);
}

static unsigned char up(EditLine *el, wint_t key) {
  (void)key;
  const LineInfoW *text = el_wline(el);
  const wchar_t *start = start_of_line(text, text->cursor);
  if (start == text->buffer) return recall(el, true);
  const wchar_t *above = start_of_line(text, start - 1);
  ptrdiff_t column = text->cursor - start, length = start - 1 - above;
  return move_to(el, above + (column < length ? column : length));
}

static unsigned char down(EditLine *el, wint_t key) {
  (void)key;
  const LineInfoW *text = el_wline(el);
  const wchar_t *end = end_of_line(text, text->cursor);
  if (end == text->lastchar) return recall(el, false);
  ptrdiff_t column = text->cursor - start_of_line(text, text->cursor);
  ptrdiff_t length = end_of_line(text, end + 1) - (end + 1);
  return move_to(el, end + 1 + (column < length ? column : length));
}

static unsigned char search_history(EditLine *el, wint_t key) {
  (void)key;
  line_edit *editor = owner(el);
  bool has_found = editor->callbacks.searches(editor->callbacks.context);
  if (editor->outcome == LINE_EDIT_INTERRUPTED) return CC_EOF;
  if (has_found) editor->has_searched = true;
  return CC_REFRESH;
}

static unsigned char clear_screen(EditLine *el, wint_t key) {
  (void)key;
  fputs("\033[H\033[2J", owner(el)->screen.output);
  display_forget(&owner(el)->screen);
  return CC_NORM;
}

typedef struct {
  const wchar_t *key, *function;
} binding;

static void bind_all(EditLine *el, const binding *bindings) {
  for (; bindings->key; bindings++) el_wset(el, EL_BIND, bindings->key, bindings->function, NULL);
}

static void bind_vi_commands(EditLine *el, const binding *bindings) {
  for (; bindings->key; bindings++) el_wset(el, EL_BIND, L"-a", bindings->key, bindings->function, NULL);
}

static void add_functions(EditLine *el) {
  el_wset(el, EL_ADDFN, L"submit-or-continue", L"Submit a complete text, else insert a newline", submit_or_continue);
  el_wset(el, EL_ADDFN, L"complete-word", L"Complete the word before the cursor", complete_word);
  el_wset(el, EL_ADDFN, L"delete-or-end", L"Delete the next character, or end the input", delete_or_end);
  el_wset(el, EL_ADDFN, L"insert-paste", L"Insert a pasted text as it is", insert_paste);
  el_wset(el, EL_ADDFN, L"line-or-history-up", L"Up a line, or to the older entry", up);
  el_wset(el, EL_ADDFN, L"line-or-history-down", L"Down a line, or to the newer entry", down);
  el_wset(el, EL_ADDFN, L"to-line-start", L"To the start of the line", to_line_start);
  el_wset(el, EL_ADDFN, L"to-line-end", L"To the end of the line", to_line_end);
  el_wset(el, EL_ADDFN, L"search-history", L"Search the history, showing what matches", search_history);
  el_wset(el, EL_ADDFN, L"clear-screen", L"Clear the screen but for the text", clear_screen);
}

// Defaults that an .editrc may change.
static const binding default_bindings[] = {
    {L"^R", L"search-history"},
    {L"^S", L"search-history"},
    {L"^W", L"ed-delete-prev-word"},
    {L"^A", L"to-line-start"},
    {L"^E", L"to-line-end"},
    {L"\\e[1~", L"to-line-start"},
    {L"\\e[4~", L"to-line-end"},
    {L"\\e[7~", L"to-line-start"},
    {L"\\e[8~", L"to-line-end"},
    {L"\\e[3~", L"ed-delete-next-char"},
    {L"\\e[1;5C", L"em-next-word"},
    {L"\\e[1;5D", L"ed-prev-word"},
    {L"\\e[1;3C", L"em-next-word"},
    {L"\\e[1;3D", L"ed-prev-word"},
    {L"\\e\\177", L"ed-delete-prev-word"},
    {L"\\e[2~", L"ed-ignore"},
    {L"\\e[5~", L"ed-ignore"},
    {L"\\e[6~", L"ed-ignore"},
    {NULL, NULL},
};

// What the program relies on, in every mode.
static const binding fixed_bindings[] = {
    {L"^M", L"submit-or-continue"},
    {L"^J", L"submit-or-continue"},
    {L"^L", L"clear-screen"},
    {L"\\236", L"insert-paste"},
    {NULL, NULL},
};

// libedit's own ways into the history lose the text that is there.
static const binding fixed_vi_bindings[] = {
    {L"k", L"line-or-history-up"},
    {L"\\055", L"line-or-history-up"},
    {L"j", L"line-or-history-down"},
    {L"+", L"line-or-history-down"},
    {NULL, NULL},
};

static const binding fixed_insertion_bindings[] = {
    {L"^I", L"complete-word"},
    {L"^D", L"delete-or-end"},
    {L"^P", L"line-or-history-up"},
    {L"^N", L"line-or-history-down"},
    {NULL, NULL},
};

void bind_keys(EditLine *el, const char *settings) {
  add_functions(el);
  // Named arrow keys take effect when a key map is set up, here and by `bind -v` in an .editrc.
  el_wset(el, EL_BIND, L"-k", L"up", L"line-or-history-up", NULL);
  el_wset(el, EL_BIND, L"-k", L"down", L"line-or-history-down", NULL);
  el_wset(el, EL_BIND, L"-k", L"home", L"to-line-start", NULL);
  el_wset(el, EL_BIND, L"-k", L"end", L"to-line-end", NULL);
  el_wset(el, EL_EDITOR, L"emacs");
  bind_all(el, default_bindings);
  if (settings) el_source(el, settings);
  bind_all(el, fixed_bindings);
  bind_all(el, fixed_insertion_bindings);
  bind_vi_commands(el, fixed_bindings);
  bind_vi_commands(el, fixed_vi_bindings);
}
