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
