import type { Clock } from '../clock.ts';
import type { InputEvent } from '../input/event.ts';
import type { ModeSequences } from '../io/mode-sequences.ts';
import { createGlass } from './glass.ts';
import type { Keyboard } from './keyboard.ts';
import type { Screen } from './screen.ts';
import type { Size } from './size.ts';
import { createSuspension } from './suspend.ts';

/** A screen that is shown on a terminal. */
export interface ScreenOnTerminal {
  /** Takes over the terminal: draws the screen, and reads keys. */
  take(): void;
  /** Draws again, because the terminal has another size or something else was written on it. */
  redraw(): void;
  /** Restores the terminal. */
  giveBack(): void;
  close(): void;
}

/** Shows a screen on a terminal. While the program is stopped, the terminal belongs to others. */
export function putOnTerminal(parts: {
  readonly stdout: NodeJS.WriteStream;
  readonly screen: Screen;
  /** null if there is no terminal to read keys from. */
  readonly keyboard: Keyboard | null;
  readonly clock: Clock;
  /** How many lines to draw in place; null to draw on the whole screen. */
  readonly inlineRows: number | null;
  /** Further modes of the terminal. */
  readonly modes?: ModeSequences;
  /** Receives everything that somebody does at the terminal. */
  readonly onInput?: (event: InputEvent) => void;
}): ScreenOnTerminal {
  const { stdout, screen, keyboard, clock, inlineRows, onInput } = parts;
  const glass = createGlass(stdout, { isInline: inlineRows !== null, modes: parts.modes });
  const unsubscribe = screen.subscribe(() => glass.draw(screen.getFrame()));
  const suspension = createSuspension({
    clock,
    handBack: giveBack,
    takeAgain() {
      screen.resize(sizeOf(stdout, inlineRows)); // nobody reports a new size while we are stopped
      take();
    },
  });

  function take(): void {
    glass.enter();
    glass.draw(screen.getFrame());
    keyboard?.take((events) => {
      for (const event of events) {
        onInput?.(event);
        if (event.type === 'key' && event.key === 'ctrl-z') suspension.stop();
        else screen.take(event);
      }
    });
  }

  function giveBack(): void {
    glass.leave();
    keyboard?.handBack();
  }

  return {
    take,
    giveBack,
    redraw() {
      glass.forget();
      screen.resize(sizeOf(stdout, inlineRows));
    },
    close() {
      giveBack();
      unsubscribe();
      suspension.close();
    },
  };
}

/**
 * Returns the size to draw in: that of the terminal, or the usual one if it is unknown; in place, at most `inlineRows` high.
 */
export function sizeOf({ columns, rows }: NodeJS.WriteStream, inlineRows: number | null): Size {
  const whole = { columns: columns || 80, rows: rows || 24 };
  if (inlineRows === null) return whole;
  return { ...whole, rows: Math.min(inlineRows, whole.rows), isInline: true };
}
