import { Text, type TextProps } from 'ink';
import type { ReactElement } from 'react';
import type { PlainText } from '../model/text.ts';

type Part = PlainText | ReactElement | null;

export interface WordsProps extends Omit<TextProps, 'children'> {
  readonly children: Part | readonly Part[];
}

/** Draws plain text: in this room the only way from words to the screen. */
export function Words({ children, ...style }: WordsProps) {
  return <Text {...style}>{children}</Text>;
}
