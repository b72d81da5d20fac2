import type { ModeSequences } from '../io/mode-sequences.ts';
import { IN_PLACE, ON_WHOLE_SCREEN } from './addressing.ts';
import { createPainter } from './painter.ts';

const ENTER_ALTERNATE_SCREEN = '\u001b[?1049h';
const LEAVE_ALTERNATE_SCREEN = '\u001b[?1049l';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Marks around pastes; and no autowrap, so that a text that measures wrong stays in its row. */
const MODES_ON = '\u001b[?2004h\u001b[?7l';
const MODES_OFF = '\u001b[?7h\u001b[?2004l';
/** Some terminals keep it with the cursor, and would bring back what held when the screen was entered. */
const AUTOWRAP_ON = '\u001b[?7h';
const ERASE_BELOW = '\r\u001b[J';

/** The part of a terminal that the view has for itself: entered, drawn on, left as it was found. */
export interface Glass {
  enter(): void;
  /** Draws the rows if it is entered. */
  draw(rows: readonly string[]): void;
  /** The terminal was resized, or others may have written on it: the next frame is drawn as a whole. */
  forget(): void;
  /** Gives the terminal back as it was; again, nothing. */
  leave(): void;
}

/**
 * Creates the glass: the whole screen, or, `isInline`, some lines below what stands there already. `modes` are modes beside
 * those that each view needs.
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
