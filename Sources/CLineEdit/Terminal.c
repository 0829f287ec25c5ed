#define _GNU_SOURCE  // wcwidth
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <sys/ioctl.h>

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

/// Keys one by one and as they are, with the signals of Ctrl-C, Ctrl-Z and Ctrl-\ but without flow control, which
/// would take Ctrl-S and Ctrl-Q.
static struct termios editing(struct termios modes) {
  modes.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | ISTRIP | IXON);
  modes.c_oflag |= OPOST | ONLCR;
  modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
  modes.c_lflag |= ISIG;
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  return modes;
}

void take_terminal(line_edit *editor) {
  editor->has_modes = tcgetattr(editor->descriptor, &editor->modes) == 0;
  retake_terminal(editor);
}

void retake_terminal(line_edit *editor) {
  struct termios modes = editing(editor->modes);
  if (editor->has_modes) tcsetattr(editor->descriptor, TCSADRAIN, &modes);
  // Pasted text comes in marks, so that it can be told from keys.
  fputs("\033[?2004h", editor->screen.output);
}

void give_terminal_back(line_edit *editor) {
  fputs("\033[?2004l", editor->screen.output);
  fflush(editor->screen.output);
  if (editor->has_modes) tcsetattr(editor->descriptor, TCSADRAIN, &editor->modes);
}
