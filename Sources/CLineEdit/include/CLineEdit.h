#ifndef IPSH_LINE_EDIT_H
#define IPSH_LINE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What Swift cannot reach of libedit (C-variadic calls), and the signals around it. Text crosses as
// Unicode scalars, so nothing here depends on how the C library converts multibyte strings.

// MARK: Signals

/// Installs the handler of SIGINT (unless the parent asked for it to be ignored) and the pipe that wakes a reader.
void line_edit_install_interrupts(void);
/// True from SIGINT until the request is cleared. Callable from any thread.
/// SIGTERM interrupts from now on, as SIGINT does.
void line_edit_install_termination(void);
bool line_edit_termination_requested(void);
bool line_edit_interrupt_requested(void);
/// Also forgets signals that no reader has seen yet.
void line_edit_clear_interrupt(void);

// MARK: Capabilities

/// Gives LC_CTYPE a UTF-8 codeset: the environment's own, else C.UTF-8. False if there is none.
bool line_edit_use_utf8_characters(void);
/// Columns of a scalar on the terminal; 0 for combining marks and what cannot be printed.
int line_edit_columns_of(uint32_t scalar);
/// Rows and columns of the terminal behind a descriptor, 24 x 80 where they are unknown.
void line_edit_terminal_size(int descriptor, int *rows, int *columns);

// MARK: Editing a line on a terminal

typedef struct line_edit line_edit;

typedef enum {
  LINE_EDIT_UNFINISHED,  // never returned
  LINE_EDIT_SUBMITTED,
  LINE_EDIT_INTERRUPTED,
  LINE_EDIT_END_OF_INPUT,
  LINE_EDIT_FAILED,  // errno says why
} line_edit_outcome;

typedef struct {
  /// Whether Enter may submit the text, else it inserts a newline.
  bool (*accepts)(void *context);
  /// Edits the text, or lists what would fit; false beeps.
  bool (*completes)(void *context);
  /// Replaces the text by the next older or newer one of the history; false if there is none.
  bool (*recalls)(void *context, bool older);
  /// Lets the person search the history; whether the text is now what was found.
  bool (*searches)(void *context);
  void *context;
} line_edit_callbacks;

/// The text under the cursor; valid until the next call.
typedef struct {
  const uint32_t *scalars;
  int count;
  int cursor;
} line_edit_text;

/// NULL where the terminal cannot move its cursor, the user switched editing off, or libedit fails to start.
/// `settings` is the `.editrc` to read; NULL: none.
line_edit *line_edit_create(
    const char *program, int input, int output, int error, int history_limit, const char *settings,
    line_edit_callbacks callbacks);
void line_edit_destroy(line_edit *editor);

/// Edits one text. The prompts, for the first line and for the others, are ended by 0.
line_edit_outcome line_edit_read(line_edit *editor, const uint32_t *prompt, const uint32_t *continuation);
line_edit_text line_edit_current_text(line_edit *editor);
/// Whether the text may have come from a search in the history.
bool line_edit_has_searched(line_edit *editor);
/// Adds the newest entry to what is searched, ended by 0.
void line_edit_add_history(line_edit *editor, const uint32_t *entry);

// For `completes`, `recalls` and `searches`:

/// Replaces the whole text by one ended by 0.
void line_edit_set_text(line_edit *editor, const uint32_t *text, int cursor);
/// Leaves the text for the line below it, where a list or a question may be written until `completes` returns.
void line_edit_begin_output(line_edit *editor);
void line_edit_write(line_edit *editor, const char *bytes);
/// The next key; 0 at the end of input or when interrupted.
uint32_t line_edit_next_key(line_edit *editor);

/// Leaves the text as it stands for the row below it. What is written there from now on, the cursor stays in that row.
void line_edit_begin_below(line_edit *editor);
/// Clears what was written there, from the row below the text on.
void line_edit_clear_below(line_edit *editor);
/// Goes back to the text.
void line_edit_end_below(line_edit *editor);
/// Rows that the text takes.
int line_edit_text_rows(line_edit *editor);
/// Whether what follows an escape character has come with it: the rest of an arrow key's.
bool line_edit_key_goes_on(line_edit *editor);
/// Has a key of one byte read again, when `searches` has returned.
void line_edit_push_back(line_edit *editor, uint32_t key);

// MARK: Reading lines without editing

/// Waits for input or SIGINT: 1 readable or ended, 0 interrupted, -1 failed.
int line_edit_wait(int descriptor);

#endif
