import { type InputEvent, isHeldKey, isPrintable, keyOfCharacter } from './event.ts';

/** Characters this soon after several that arrived at once belong to them: a paste was split. */
const REST_MS = 100;

/**
 * Gathers the adjacent characters of one read. A single printable character is a key. Several are text, and so are those that
 * follow shortly in further reads, except after a key that was held down.
 */
export interface Run {
  add(character: string): void;
  /** Called when the read ends, or at a key that may be part of a paste: more of the same text may follow. */
  end(): void;
  /** Called at anything else: characters after it do not continue an earlier paste. */
  interrupt(): void;
  /** How long to wait for the rest of a paste, ms; null if none is expected. */
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
