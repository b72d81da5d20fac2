import type { CliCommand, CliOption } from '../command.ts';
import { wrapped } from './wrap.ts';

/** Returns what a command is about as a sentence. */
export function sentence(about: string): string {
  return `${about.charAt(0).toUpperCase()}${about.slice(1)}${/[.…]$/u.test(about) ? '' : '.'}`;
}

/** Returns what follows the command's name in its usage line. */
export function usageWords({ usage, form }: Pick<CliCommand, 'usage' | 'form'>): string {
  return usage ?? `[options] ${form?.replaceAll('...', '…') ?? ''}`.trim();
}

/** Returns the description of an option: its meaning, its default, and whether it can be repeated. */
export function optionWords({ about, byDefault, isRepeatable }: CliOption): string {
  const remarks = [
    ...(byDefault === undefined ? [] : [`default: ${byDefault}`]),
    ...(isRepeatable ? ['repeatable'] : []),
  ];
  return remarks.length === 0 ? about : `${about} (${remarks.join('; ')})`;
}

/** Returns what follows a command's options in its help. Examples are meant to be copied, so they are not wrapped. */
export function helpEnd({ notes, examples }: Pick<CliCommand, 'notes' | 'examples'>, width: number): string {
  const parts = [
    ...(notes === undefined ? [] : [isLaidOut(notes) ? notes : wrapped(oneLine(notes), width).join('\n')]),
    ...(examples.length === 0 ? [] : [['Examples:', ...examples.map((line) => `  $ ${line}`)].join('\n')]),
  ];
  return parts.map((part) => `\n${part}`).join('\n');
}

/** Tells whether notes are a table, or indented, so that their layout has a meaning. */
export function isLaidOut(notes: string): boolean {
  return /^\s|\S {2,}\S/mu.test(notes);
}

/** Joins notes into a single paragraph. */
function oneLine(notes: string): string {
  return notes.replaceAll('\n', ' ');
}
