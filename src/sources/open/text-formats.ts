import { hasOwnStatus, readChecklist } from '../checklist/format.ts';
import { isMarkdown, isNamedLikeChecklist } from '../checklist/place.ts';

/** A format of text files other than JSON, recognised first by the file's name, then by its text. */
interface TextRecognition {
  /** Tells whether a file that somebody names may be of this format. */
  readonly mayBe: (path: string) => boolean;
  /** Tells by its name alone whether a file is opened when a directory is searched; these are fewer than those that may be. */
  readonly isLookedInto: (name: string) => boolean;
  /** Tells whether the text of such a file is of this format. */
  readonly isWrittenIn: (text: string, path: string) => boolean;
}

const RECOGNITIONS = {
  checklist: {
    mayBe: isMarkdown,
    isLookedInto: isNamedLikeChecklist,
    isWrittenIn: (text, path) => !hasOwnStatus(text) && readChecklist(text, path) !== null,
  },
} as const satisfies Readonly<Record<string, TextRecognition>>;

export type TextFormat = keyof typeof RECOGNITIONS;

export const TEXT_FORMATS: Readonly<Record<TextFormat, TextRecognition>> = RECOGNITIONS;

/** Returns the text format that a file may have, judging by its name; null if none. */
export function textFormatNamed(path: string): TextFormat | null {
  const formats = Object.keys(TEXT_FORMATS) as TextFormat[];
  return formats.find((format) => TEXT_FORMATS[format].mayBe(path)) ?? null;
}

/** Tells whether the search of a directory opens a file of this name to see whether it has a text format. */
export function isNamedLikeText(name: string): boolean {
  return Object.values(TEXT_FORMATS).some(({ isLookedInto }) => isLookedInto(name));
}
