import { Box, Text } from 'ink';
import { memo, useRef, useSyncExternalStore } from 'react';
import type { Clock } from '../clock.ts';
import { useKeyboard } from './hooks/use-keyboard.ts';
import { useSuspend } from './hooks/use-suspend.ts';
import type { Keyboard } from './keyboard.ts';
import type { Screen } from './screen.ts';
import { withWholeRows } from './whole-rows.ts';

/** Shows the screen on a terminal: one text per line, drawn again only if the line changed. */
export function App(props: {
  readonly screen: Screen;
  readonly clock: Clock;
  /** null if there is nothing to press keys on. */
  readonly keyboard: Keyboard | null;
  readonly onResume: () => void;
}) {
  const { screen, clock, keyboard, onResume } = props;
  const rows = useWholeRows(useSyncExternalStore(screen.subscribe, screen.getFrame));
  const suspend = useRef(() => {});
  const lent = useKeyboard(keyboard, (events) => {
    for (const event of events) {
      if (event.type === 'key' && event.key === 'ctrl-z') suspend.current();
      else screen.take(event);
    }
  });
  suspend.current = useSuspend({ clock, lent, onResume });
  return (
    <Box flexDirection="column">
      {rows.map((text, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place on the screen
        <Row key={row} text={text} />
      ))}
    </Box>
  );
}

function useWholeRows(lines: readonly string[]): readonly string[] {
  const shown = useRef<{ of: readonly string[]; rows: readonly string[] }>({ of: [], rows: [] });
  if (shown.current.of !== lines)
    shown.current = { of: lines, rows: withWholeRows(lines, shown.current.rows) };
  return shown.current.rows;
}

/** An empty text would take no line at all. */
const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});
