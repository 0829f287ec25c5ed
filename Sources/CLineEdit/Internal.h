#ifndef IPSH_LINE_EDIT_INTERNAL_H
#define IPSH_LINE_EDIT_INTERNAL_H

#include <histedit.h>
#include <stdio.h>
#include <termios.h>
#include <wchar.h>

#include "CLineEdit.h"

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "wide characters are Unicode scalars");

// Display.c: prompt and text on the screen

typedef struct {
  int row, column;
} screen_position;

typedef struct {
  FILE *output;
  int descriptor;
  /// Before the first line and before the others.
  wchar_t *prompt, *continuation;
  /// What is on the screen, from the first row `top` on, with the cursor `at` its place.
  wchar_t *text;
  int count, capacity, cursor, columns, top;
  screen_position at;
  bool is_shown;
  /// Something else is written meanwhile.
  bool is_suspended;
} display;

bool display_start(display *d, const uint32_t *prompt, const uint32_t *continuation);
void display_end(display *d);
/// Brings the screen up to date with the text and its cursor.
void display_update(display *d, EditLine *el);
/// The same, all of it, with the cursor behind the end.
void display_finish(display *d, EditLine *el);
/// The next update draws all of it, from where the terminal's cursor is.
void display_forget(display *d);
/// After a change of the width: clears what is shown, to be drawn in its place.
void display_resize(display *d);

// Signals.c

/// Has the signals that would leave the terminal in disorder reported to the reader instead.
void hold_signals(void);
/// Gives them their old meaning; those that came meanwhile and were not read take effect now.
void release_signals(void);
/// Lets a held signal have its old effect, and returns if the process goes on after it.
void deliver(int signal_number);
/// The oldest unread signal, 0 if there is none.
int next_signal(void);
int signal_descriptor(void);
void install_redraw_signals(void);

// Editor.c

struct line_edit {
  EditLine *el;
  HistoryW *history;
  /// What libedit takes for its terminal.
  FILE *nothing, *nowhere;
  int libedit_rows;
  display screen;
  int descriptor;
  /// Those that the terminal had, and gets back.
  struct termios modes;
  bool has_modes;
  line_edit_callbacks callbacks;
  line_edit_outcome outcome;
  bool has_searched;
  wchar_t *pasted;
  /// Bytes read ahead while looking for a paste, last in first out.
  unsigned char pushed_back[8];
  int pushed_back_count;
};

line_edit *owner(EditLine *el);
/// libedit draws into nothing, but what it draws has to fit.
void make_room(line_edit *editor);

// Terminal.c

/// Sets the terminal's modes for editing.
void take_terminal(line_edit *editor);
/// The same after another program may have changed them.
void retake_terminal(line_edit *editor);
void give_terminal_back(line_edit *editor);

// Keys.c

/// A character that no keyboard sends (a C1 control), bound to what the reader itself wants done.
enum { KEY_PASTE = 0x9E };

/// Also as the file of settings asks for, if there is one.
void bind_keys(EditLine *el, const char *settings);

// Reading.c

/// The reading function given to libedit.
int read_character(EditLine *el, wchar_t *character);

#endif
