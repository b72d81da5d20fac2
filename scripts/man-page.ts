/** Writes `man/taskglass.1` from the commands themselves: what `taskglass help COMMAND` says, for `man`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CliCommand, CliOption } from '../src/cli/command.ts';
import { view } from '../src/cli/commands/view.ts';
import { COMMANDS } from '../src/cli/commands.ts';
import { environmentName } from '../src/cli/config/environment-name.ts';
import { SETTING_NAMES, SETTINGS } from '../src/cli/config/settings.ts';
import { optionWords, sentence, usageWords } from '../src/cli/program/words.ts';
import { EXIT_CODES } from './exit-codes.ts';

const ROOT = join(import.meta.dirname, '..');
export const MAN_PAGE = join(ROOT, 'man', 'taskglass.1');

/** Returns the whole page, in the macros that every `man` knows. */
export async function manPage(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { about, argumentsAbout = {}, notes = '', options = [], examples } = view;
  const parts = [
    '.\\" Made by: node scripts/cli-docs.ts. Change the commands in src/cli/commands/, not this page.',
    `.TH TASKGLASS 1 "" "taskglass ${version}" "User Commands"`,
    '.SH NAME',
    `taskglass \\- ${text(about)}`,
    '.SH SYNOPSIS',
    ...synopsis(),
    '.SH DESCRIPTION',
    text(sentence(about)),
    ...Object.values(argumentsAbout).flatMap((meaning) => ['.PP', text(`A source is ${meaning}.`)]),
    '.PP',
    text(sentence(notes)),
    '.SH OPTIONS',
    ...optionItems(options),
    '.SH COMMANDS',
    ...(await commandParts()),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([codes, meaning]) => ['.TP', bold(codes), text(sentence(meaning))]),
    '.SH ENVIRONMENT',
    'Each setting may stand in the environment; an option counts before it, a file after it.',
    ...SETTING_NAMES.flatMap((name) => [
      '.TP',
      bold(environmentName(name)),
      text(sentence(SETTINGS[name].about)),
    ]),
    ...options.filter(({ hasVariable }) => hasVariable).flatMap(variableItem),
    ...OTHER_VARIABLES.flatMap(([name, meaning]) => ['.TP', bold(name), text(meaning)]),
    '.SH FILES',
    ...FILES.flatMap(([path, meaning]) => ['.TP', `.I ${text(path)}`, text(meaning)]),
    '.SH EXAMPLES',
    ...codeBlock(examples).slice(1), // no paragraph begins after a heading
    '.SH SEE ALSO',
    'The documentation beside the program, in',
    '.IR docs/ :',
    'sources, ETAs, publishing, the ledger, agents.',
  ];
  return `${parts.join('\n')}\n`;
}

function variableItem({ flags }: CliOption): string[] {
  const [, name = ''] = /--([\w-]+)/u.exec(flags) ?? [];
  return ['.TP', bold(environmentName(name)), text(`Stands for --${name}.`)];
}

const OTHER_VARIABLES = [
  ['TASKGLASS_HOME', 'Keeps everything of taskglass in this directory, in place of the usual ones.'],
  [
    'TASKGLASS_TOKEN, TASKGLASS_TOKEN_FILE',
    'The token of the one server that is attached, or the file that holds it.',
  ],
  ['NO_COLOR, FORCE_COLOR', 'Draw without colours, or with them although nobody seems to look.'],
] as const;

const FILES = [
  [
    '~/.config/taskglass/config.json',
    'The configuration; taskglass config shows where it is here, and its values.',
  ],
  ['~/.local/share/taskglass/', 'Keys and histories, for you alone.'],
  ['~/.local/state/taskglass/', 'Runs and what they printed, and what was dismissed.'],
] as const;

function synopsis(): string[] {
  const lines = usageWords(view).split('\n');
  return lines.flatMap((line, at) => [
    ...(at > 0 ? ['.br'] : []),
    `.B taskglass`,
    text(line.replace(/^\s*taskglass /u, '')),
  ]);
}

async function commandParts(): Promise<string[]> {
  const parts: string[] = [];
  for (const command of Object.values(COMMANDS).flat()) {
    if (command.isHidden) continue;
    parts.push(...(await section(command, [view.name, command.name].join(' '))));
    for (const verb of Object.values((await command.verbs?.()) ?? {}).flat()) {
      if (!verb.isHidden)
        parts.push(...(await section(verb, [view.name, command.name, verb.name].join(' '))));
    }
  }
  return parts;
}

async function section(command: CliCommand, words: string): Promise<string[]> {
  const { about, argumentsAbout = {}, notes, options = [], examples, verbs, run } = command;
  const hasSharedOptions = verbs !== undefined && run === undefined && options.length > 0;
  return [
    `.SS ${text(words)} ${text(usageWords(command))}`,
    text(sentence(about)),
    ...Object.entries(argumentsAbout).flatMap(([name, meaning]) => [
      '.TP',
      `.I ${text(name)}`,
      text(meaning),
    ]),
    ...(hasSharedOptions ? ['.PP', 'Every verb takes these options.'] : []),
    ...optionItems(options),
    ...(notes === undefined
      ? []
      : /^\s|\S {2,}\S/mu.test(notes)
        ? codeBlock(notes.split('\n'))
        : ['.PP', ...notes.split('\n').map(text)]),
    ...codeBlock(examples),
  ];
}

function optionItems(options: readonly CliOption[]): string[] {
  return options
    .filter(({ isHidden }) => !isHidden)
    .flatMap((option) => ['.TP', bold(option.flags), text(sentence(optionWords(option)))]);
}

function codeBlock(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['.PP', '.RS 4', '.nf', ...lines.map(text), '.fi', '.RE'];
}

function bold(words: string): string {
  return `.B ${text(words)}`;
}

/** Escapes text so that it has no meaning in roff. A hyphen stays one that can be copied: otherwise it would become a dash. */
function text(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('"', '\\(dq')
    .replaceAll('…', '...')
    .replaceAll('→', '\\(->')
    .replace(/^\./gmu, '\\&.');
}

/** Writes the page. */
export async function writeManPage(): Promise<void> {
  mkdirSync(dirname(MAN_PAGE), { recursive: true });
  writeFileSync(MAN_PAGE, await manPage());
}
