import { useCallback, useEffect, useRef } from 'react';
import type { InputEvent } from '../../input/event.ts';
import type { Keyboard } from '../keyboard.ts';

/**
 * Reads the keyboard as long as the component is mounted: whatever ends the program unmounts it, and the terminal is as
 * it was. The returned pair lends the terminal to others in between.
 */
export function useKeyboard(
  keyboard: Keyboard | null,
  onEvents: (events: readonly InputEvent[]) => void,
): { readonly handBack: () => void; readonly takeAgain: () => void } {
  const latest = useRef(onEvents);
  latest.current = onEvents;
  const takeAgain = useCallback(() => keyboard?.take((events) => latest.current(events)), [keyboard]);
  const handBack = useCallback(() => keyboard?.handBack(), [keyboard]);
  useEffect(() => {
    takeAgain();
    return handBack;
  }, [takeAgain, handBack]);
  return { handBack, takeAgain };
}
