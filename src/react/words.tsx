import { Text, type TextProps } from 'ink';
import type { ReactElement } from 'react';
import type { PlainText } from '../model/text.ts';

type Part = PlainText | ReactElement | null;

export interface WordsProps extends Omit<TextProps, 'children'> {
  readonly children: Part | readonly Part[];
}

/** Draws plain text: the only way to the screen in this room. */
export function Words({ children, ...style }: WordsProps) {
  return <Text {...style}>{children}</Text>;
}
