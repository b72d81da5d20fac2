import type { ModeSequences } from '../io/mode-sequences.ts';
import { IN_PLACE, ON_WHOLE_SCREEN } from './addressing.ts';
import { createPainter } from './painter.ts';

const ENTER_ALTERNATE_SCREEN = '\u001b[?1049h';
const LEAVE_ALTERNATE_SCREEN = '\u001b[?1049l';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Turns on marks around pastes, and turns off autowrap, so that a text that measures wrong stays in its row. */
const MODES_ON = '\u001b[?2004h\u001b[?7l';
const MODES_OFF = '\u001b[?7h\u001b[?2004l';
/** Some terminals save autowrap with the cursor, and would restore its state from before the alternate screen. */
const AUTOWRAP_ON = '\u001b[?7h';
const ERASE_BELOW = '\r\u001b[J';

/** The part of a terminal that the view takes over, draws on, and restores. */
export interface Glass {
  enter(): void;
  /** Draws the rows if it has been entered. */
  draw(rows: readonly string[]): void;
  /** Makes the next frame be drawn as a whole, because the terminal was resized, or others may have written on it. */
  forget(): void;
  /** Restores the terminal. Calling it again does nothing. */
  leave(): void;
}

/**
 * Creates the glass: the whole screen, or, if `isInline`, some lines below what is already there. `modes` are modes in
 * addition to those that every view needs.
 */
export function createGlass(
  stdout: NodeJS.WriteStream,
  { isInline, modes }: { readonly isInline: boolean; readonly modes?: ModeSequences | undefined },
): Glass {
  const painter = createPainter((text) => void stdout.write(text), isInline ? IN_PLACE : ON_WHOLE_SCREEN);
  const [entering, leaving] = isInline
    ? [MODES_ON, ERASE_BELOW + MODES_OFF]
    : [ENTER_ALTERNATE_SCREEN + MODES_ON, MODES_OFF + LEAVE_ALTERNATE_SCREEN + AUTOWRAP_ON];
  let isEntered = false;

  return {
    enter() {
      if (isEntered) return;
      isEntered = true;
      painter.forget();
      stdout.write(entering + HIDE_CURSOR + (modes?.enter() ?? ''));
    },
    draw(rows) {
      if (isEntered) painter.draw(rows);
    },
    forget: painter.forget,
    leave() {
      if (!isEntered) return;
      isEntered = false;
      const rest = modes?.leave() ?? '';
      if (stdout.destroyed || stdout.errored) return;
      stdout.write(rest + leaving + SHOW_CURSOR);
    },
  };
}
