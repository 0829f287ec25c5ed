#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "Internal.h"

enum { ENDED = 0, READ = 1, STOPPED = -1, TIMED_OUT = -2 };

/// After ESC the rest of a paste's mark comes at once; a lone ESC key is told apart by this pause.
static const int escape_pause_milliseconds = 50;

int line_edit_wait(int descriptor) {
  struct pollfd sources[] = {{.fd = descriptor, .events = POLLIN}, {.fd = signal_descriptor(), .events = POLLIN}};
  for (;;) {
    if (poll(sources, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    for (int number; (number = next_signal()) != 0;)
      if (number == SIGINT) return 0;
    if (sources[0].revents) return 1;
  }
}

/// Signals that only announce that the terminal has come back.
static void forget_return(void) {
  int others[32], count = 0;
  for (int number; (number = next_signal()) != 0;)
    if (number != SIGCONT && number != SIGWINCH && count < 32) others[count++] = number;
  while (count > 0) raise(others[--count]);
}

/// Hands the terminal back in order, lets the signal act, and takes the terminal again.
static void step_aside(line_edit *editor, int number) {
  display_finish(&editor->screen, editor->el);
  give_terminal_back(editor);
  deliver(number);
  forget_return();
  take_terminal(editor);
  display_forget(&editor->screen);
}

static int react(line_edit *editor, int number) {
  switch (number) {
  case SIGINT:
    editor->outcome = LINE_EDIT_INTERRUPTED;
    errno = EINTR;
    return STOPPED;
  case SIGWINCH:
    display_resize(&editor->screen);
    return READ;
  case SIGCONT:
    // It was stopped from outside, in the modes for editing.
    retake_terminal(editor);
    fputc('\r', editor->screen.output);
    display_forget(&editor->screen);
    return READ;
  default:
    step_aside(editor, number);
    return READ;
  }
}

/// One byte of input, or why there is none. Signals are acted on while waiting.
static int next_byte(line_edit *editor, unsigned char *byte, int timeout) {
  if (editor->pushed_back_count > 0) {
    *byte = editor->pushed_back[--editor->pushed_back_count];
    return READ;
  }
  struct pollfd sources[] = {
      {.fd = editor->descriptor, .events = POLLIN}, {.fd = signal_descriptor(), .events = POLLIN}};
  for (;;) {
    for (int number; (number = next_signal()) != 0;)
      if (react(editor, number) == STOPPED) return STOPPED;
    // What has been typed faster than it can be shown is shown when it is all there.
    int ready = poll(sources, 2, 0);
    if (ready == 0) {
      display_update(&editor->screen, editor->el);
      ready = poll(sources, 2, timeout);
    }
    if (ready == 0) return TIMED_OUT;
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) break;
    if (!sources[0].revents) continue;
    ssize_t count = read(editor->descriptor, byte, 1);
    if (count == 1) return READ;
    // A terminal that hangs up reads as an error (EIO) or as the end.
    if (count == 0 || errno == EIO) {
      editor->outcome = LINE_EDIT_END_OF_INPUT;
      return ENDED;
    }
    if (errno != EINTR && errno != EAGAIN) break;
  }
  editor->outcome = LINE_EDIT_FAILED;
  return STOPPED;
}

/// One scalar of UTF-8, U+FFFD for bytes that are none. `lead` has been read.
static int finish_scalar(line_edit *editor, unsigned char lead, wchar_t *scalar) {
  int following = lead < 0x80 ? 0 : lead >= 0xF0 && lead < 0xF8 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : -1;
  *scalar = 0xFFFD;
  if (following < 0 || lead >= 0xF8) return READ;
  uint32_t value = following == 0 ? lead : lead & (0x3F >> following);
  for (int i = 0; i < following; i++) {
    unsigned char byte;
    int status = next_byte(editor, &byte, -1);
    if (status != READ) return status;
    if ((byte & 0xC0) != 0x80) {
      editor->pushed_back[editor->pushed_back_count++] = byte;
      return READ;
    }
    value = value << 6 | (byte & 0x3F);
  }
  static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  bool valid = value >= smallest[following] && value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF);
  if (valid) *scalar = (wchar_t)value;
  return READ;
}

/// After ESC: whether a pasted text follows. Otherwise what was read is put back.
static int paste_follows(line_edit *editor, bool *follows) {
  static const char mark[] = "[200~";
  int matched = 0;
  *follows = false;
  for (; mark[matched]; matched++) {
    unsigned char byte;
    int status = next_byte(editor, &byte, escape_pause_milliseconds);
    if (status == READ && byte == (unsigned char)mark[matched]) continue;
    if (status == READ) editor->pushed_back[editor->pushed_back_count++] = byte;
    while (matched > 0) editor->pushed_back[editor->pushed_back_count++] = (unsigned char)mark[--matched];
    return status == TIMED_OUT ? READ : status;
  }
  *follows = true;
  return READ;
}

typedef struct {
  wchar_t *scalars;
  size_t count, capacity;
} scalar_buffer;

static bool append(scalar_buffer *buffer, wchar_t scalar) {
  if (buffer->count + 1 >= buffer->capacity) {
    size_t capacity = buffer->capacity == 0 ? 256 : buffer->capacity * 2;
    wchar_t *larger = realloc(buffer->scalars, capacity * sizeof *larger);
    if (!larger) return false;
    buffer->scalars = larger;
    buffer->capacity = capacity;
  }
  buffer->scalars[buffer->count++] = scalar;
  buffer->scalars[buffer->count] = 0;
  return true;
}

/// Line ends, whichever, become '\n'.
static size_t with_plain_newlines(wchar_t *text, size_t count) {
  size_t kept = 0;
  bool after_return = false;
  for (size_t i = 0; i < count; i++) {
    wchar_t scalar = text[i];
    bool is_second_half = scalar == L'\n' && after_return;
    after_return = scalar == L'\r';
    if (scalar != 0 && !is_second_half) text[kept++] = after_return ? L'\n' : scalar;
  }
  text[kept] = 0;
  return kept;
}

/// Reads to the end of a pasted text and keeps it for the key KEY_PASTE.
static int read_paste(line_edit *editor) {
  static const wchar_t mark[] = L"\033[201~";
  const size_t mark_length = 6;
  scalar_buffer text = {0};
  for (;;) {
    unsigned char lead;
    wchar_t scalar;
    int status = next_byte(editor, &lead, -1);
    if (status == READ) status = finish_scalar(editor, lead, &scalar);
    if (status == READ && !append(&text, scalar)) {
      editor->outcome = LINE_EDIT_FAILED;
      status = STOPPED;
    }
    if (status != READ) {
      free(text.scalars);
      return status;
    }
    if (text.count < mark_length) continue;
    size_t length = text.count - mark_length;
    if (wmemcmp(text.scalars + length, mark, mark_length) == 0) {
      with_plain_newlines(text.scalars, length);
      free(editor->pasted);
      editor->pasted = text.scalars;
      return READ;
    }
  }
}

/// Some of libedit's vi commands leave the cursor one before the text, where the next would write.
static void repair_cursor(EditLine *el) {
  const LineInfoW *line = el_wline(el);
  if (line->cursor < line->buffer) el_cursor(el, (int)(line->buffer - line->cursor));
  if (line->cursor > line->lastchar) el_cursor(el, (int)(line->lastchar - line->cursor));
}

int read_character(EditLine *el, wchar_t *character) {
  line_edit *editor = owner(el);
  repair_cursor(el);
  make_room(editor);
  unsigned char lead;
  int status;
  // NUL is Ctrl-Space, or a Ctrl-D that was typed while lines were not edited; neither may end the session.
  do status = next_byte(editor, &lead, -1);
  while (status == READ && lead == 0);
  if (status != READ) return status;
  if (lead != '\033') return finish_scalar(editor, lead, character);
  bool follows;
  status = paste_follows(editor, &follows);
  *character = follows ? KEY_PASTE : L'\033';
  if (follows) status = read_paste(editor);
  return status;
}
