import { type InputEvent, isHeldKey, isPrintable, keyOfCharacter } from './event.ts';

/** So soon after characters that came at once, more characters are more of them: a paste that was cut. */
const REST_MS = 100;

/**
 * Gathers the characters that come in one read without anything between them. One printable character is a key. Several
 * are text, and so are those that follow shortly in further reads; but not after a key that was held down.
 */
export interface Run {
  add(character: string): void;
  /** The read ends, or a key comes that may stand within a paste: more of the same may follow. */
  end(): void;
  /** Something of another kind comes: what follows it belongs to no paste before it. */
  interrupt(): void;
  /** How long the rest of a paste is waited for, in milliseconds; null if none is. */
  readonly patienceMs: number | null;
}

export function createRun(tell: (event: InputEvent) => void): Run {
  let text = '';
  let isPaste = false;

  function end(): void {
    if (text === '') return;
    const gathered = text;
    text = '';
    const continues = isPaste;
    const isText = continues || [...gathered].filter(isPrintable).length > 1;
    isPaste = isText && !isHeldKey(gathered);
    if (isText) tell({ type: 'typed', text: gathered, continues });
    else for (const character of gathered) tell({ type: 'key', key: keyOfCharacter(character) });
  }

  return {
    add(character) {
      text += character;
    },
    end,
    interrupt() {
      end();
      isPaste = false;
    },
    get patienceMs() {
      return isPaste ? REST_MS : null;
    },
  };
}
