import { Box, Text, useInput, usePaste } from 'ink';
import { memo, useSyncExternalStore } from 'react';
import type { Clock } from '../clock.ts';
import { useSuspend } from './hooks/use-suspend.ts';
import { keyNames } from './keys.ts';
import type { Screen } from './screen.ts';

/** The screen on a terminal: one text a line, drawn anew only where the line is another one. */
export function App(props: {
  readonly screen: Screen;
  readonly clock: Clock;
  readonly hasKeys: boolean;
  readonly onResume: () => void;
}) {
  const { screen, clock, hasKeys, onResume } = props;
  const lines = useSyncExternalStore(screen.subscribe, screen.getFrame);
  const suspend = useSuspend(clock, onResume);
  useInput(
    (input, key) => {
      for (const name of keyNames(input, key)) {
        if (name === 'ctrl-z') suspend();
        else screen.press(name);
      }
    },
    { isActive: hasKeys },
  );
  usePaste(screen.paste, { isActive: hasKeys });
  return (
    <Box flexDirection="column">
      {lines.map((text, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place on the screen
        <Row key={row} text={text} />
      ))}
    </Box>
  );
}

/** An empty text would take no line at all. */
const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});
