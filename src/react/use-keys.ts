import { useInput, useStdin } from 'ink';
import { useEffect, useRef } from 'react';
import { backgroundClock } from '../clock.ts';
import type { InputEvent, KeyName } from '../input/event.ts';
import { readInput } from '../input/read-input.ts';

type Listener = (key: KeyName) => void;

/**
 * Calls `onKey` for each key of the terminal that Ink reads. `useInput` is called only to make Ink read: it would take the rest
 * of a terminal's reply, or of an arrow key on a slow line, for keys.
 */
export function useKeys(onKey: Listener, { isActive }: { readonly isActive: boolean }): void {
  const { stdin } = useStdin();
  const latest = useRef(onKey);
  latest.current = onKey;
  useInput(() => {}, { isActive });
  useEffect(() => {
    if (!isActive) return undefined;
    return keysOf(stdin).listen((key) => latest.current(key));
  }, [stdin, isActive]);
}

interface Keys {
  /** The returned function ends the subscription. */
  listen(listener: Listener): () => void;
}

const known = new WeakMap<NodeJS.ReadableStream, Keys>();

/** Returns the reader of a stream, which all its listeners share. */
function keysOf(stdin: NodeJS.ReadableStream): Keys {
  const keys = known.get(stdin) ?? createKeys(stdin);
  known.set(stdin, keys);
  return keys;
}

/** Immediate, so that keys are handled before Ink reacts to the same read, for instance by moving the focus. */
const READING = { clock: backgroundClock, isImmediate: true } as const;

/** Reads only while Ink does: our listener alone would make the stream flow when Ink lends the terminal to another program. */
function createKeys(stdin: NodeJS.ReadableStream): Keys {
  const listeners = new Set<Listener>();
  let stopReading: (() => void) | null = null;

  function tell(events: readonly InputEvent[]): void {
    for (const event of events)
      if (event.type === 'key') for (const listener of [...listeners]) listener(event.key);
  }

  function follow(): void {
    const isWanted = listeners.size > 0 && stdin.listenerCount('readable') > 0;
    if (isWanted) stopReading ??= readInput({ ...READING, stream: stdin, onEvents: tell });
    else {
      stopReading?.();
      stopReading = null;
    }
  }

  const onAdded = (event: string | symbol) => void (event === 'readable' && queueMicrotask(follow));
  const onRemoved = (event: string | symbol) => void (event === 'readable' && follow());

  return {
    listen(listener) {
      if (listeners.size === 0) stdin.on('newListener', onAdded).on('removeListener', onRemoved);
      listeners.add(listener);
      follow();
      return () => {
        listeners.delete(listener);
        follow();
        if (listeners.size === 0) stdin.off('newListener', onAdded).off('removeListener', onRemoved);
      };
    },
  };
}
