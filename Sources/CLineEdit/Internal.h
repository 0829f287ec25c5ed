#ifndef IPSH_LINE_EDIT_INTERNAL_H
#define IPSH_LINE_EDIT_INTERNAL_H

#include <histedit.h>
#include <stdio.h>
#include <wchar.h>

#include "CLineEdit.h"

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "wide characters are Unicode scalars");

struct line_edit {
  EditLine *el;
  HistoryW *history;
  FILE *output;
  int descriptor;
  line_edit_callbacks callbacks;
  line_edit_outcome outcome;
  wchar_t *prompt;
  wchar_t *pasted;
  /// Bytes read ahead while looking for a paste, last in first out.
  unsigned char pushed_back[8];
  int pushed_back_count;
};

/// Characters that no keyboard sends (C1 controls), bound to what the reader itself wants done.
enum { KEY_PASTE = 0x9E, KEY_OLDER = 0x9C, KEY_NEWER = 0x9D, KEY_SEARCH = 0x9B };

// Signals.c

/// Has the signals that would leave the terminal in disorder reported to the reader instead.
void hold_signals(void);
/// Gives them their old meaning; those that came meanwhile and were not read take effect now.
void release_signals(void);
/// Lets a held signal have its default effect, and returns if the process goes on after it.
void deliver(int signal_number);
/// The oldest unread signal, 0 if there is none.
int next_signal(void);
void forget_signals(void);
int signal_descriptor(void);
void install_redraw_signals(void);

// Layout.c

typedef struct {
  int row, column;
} screen_position;

/// Where cursor and end of the text stand, from the prompt's first cell, at the terminal's present width.
void measure(line_edit *editor, screen_position *cursor, screen_position *end);
void move_to_end(line_edit *editor);
void redraw_in_place(line_edit *editor);
void switch_bracketed_paste(line_edit *editor, bool on);

// Reading.c

/// The reading function given to libedit.
int read_character(EditLine *el, wchar_t *character);

// Keys.c

void bind_keys(line_edit *editor);

#endif
