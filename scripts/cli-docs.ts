/**
 * Writes what the program itself knows into the documents: `docs/cli.md` and the man page from the commands, the README's table
 * of keys from the actions.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliCommand, CliOption, CommandGroups } from '../src/cli/command.ts';
import { view } from '../src/cli/commands/view.ts';
import { COMMANDS } from '../src/cli/commands.ts';
import { isLaidOut, optionWords, sentence, usageWords } from '../src/cli/program/words.ts';
import { wrapped } from '../src/cli/program/wrap.ts';
import { keyTableMarkdown } from '../src/ui/keymap.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { writeManPage } from './man-page.ts';

const INTRODUCTION = `# The command line

Every command with its options and examples. \`taskglass help COMMAND\` says the same in a terminal.

${exitCodes()}

<!-- Made by: node scripts/cli-docs.ts. Change the commands in src/cli/commands/, not this page. -->
`;

/** Returns the exit codes as a paragraph of lines that are not too long. */
function exitCodes(): string {
  const codes = EXIT_CODES.map(([code, meaning]) => `${code} ${meaning}`).join(', ');
  const said = `Exit codes: ${codes}. \`taskglass run\` ends with its command's own code.`;
  return wrapped(said, 120).join('\n');
}

/** Returns the whole page. */
export async function cliDocs(): Promise<string> {
  const sections = [INTRODUCTION, listOf(COMMANDS, view.name), section(view, '##', view.name)];
  for (const command of visible(COMMANDS)) sections.push(await commandSection(command));
  return sections.join('\n');
}

async function commandSection(command: CliCommand): Promise<string> {
  const words = `${view.name} ${command.name}`;
  const verbs = (await command.verbs?.()) ?? {};
  const ofVerbs = visible(verbs).map((verb) => section(verb, '###', `${words} ${verb.name}`));
  const list = ofVerbs.length > 0 ? [listOf(verbs, words)] : [];
  return [section(command, '##', words), ...list, ...ofVerbs].join('\n');
}

/** Returns a table of commands with what each does, linked to its section. */
function listOf(groups: CommandGroups, before: string): string {
  const rows = Object.entries(groups).flatMap(([heading, commands]) =>
    commands
      .filter(({ isHidden }) => !isHidden)
      .map(({ name, about }, index) => {
        const anchor = `${before} ${name}`.replaceAll(' ', '-');
        return `| ${index === 0 ? heading : ''} | [\`${name}\`](#${anchor}) | ${cell(about)} |`;
      }),
  );
  return `| | | |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function section(command: CliCommand, level: string, words: string): string {
  const { about, notes, examples, options = [], argumentsAbout = {} } = command;
  const usage = usageWords(command).split('\n');
  const parts = [
    `${level} ${words}`,
    code('sh', [`${words} ${usage[0]}`, ...usage.slice(1).map((line) => line.trim())]),
    sentence(about),
    ...Object.entries(argumentsAbout).map(([name, meaning]) => `\`${name}\` is ${meaning}.`),
    ...optionTable(options.filter(({ isHidden }) => !isHidden)),
    ...(command.verbs && !command.run && options.length > 0 ? ['Every verb takes these options.'] : []),
    ...(notes === undefined ? [] : [isLaidOut(notes) ? code('text', notes.split('\n')) : notes]),
    ...(examples.length === 0 ? [] : [code('sh', examples)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function optionTable(options: readonly CliOption[]): string[] {
  if (options.length === 0) return [];
  const rows = options.map((option) => `| \`${cell(option.flags)}\` | ${cell(optionWords(option))} |`);
  return [['| option | |', '|---|---|', ...rows].join('\n')];
}

function code(language: 'sh' | 'text', lines: readonly string[]): string {
  return [`\`\`\`${language}`, ...lines, '```'].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function visible(groups: CommandGroups): CliCommand[] {
  return Object.values(groups)
    .flat()
    .filter(({ isHidden }) => !isHidden);
}

/** The README's table of keys, up to the blank line after it. */
const KEY_TABLE = /^\| key \| name \|.*?(?=\n\n)/msu;

/** Returns the table of keys in a README; null if there is none. */
export function keyTableIn(readme: string): string | null {
  return KEY_TABLE.exec(readme)?.[0] ?? null;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  writeFileSync(join(root, 'docs', 'cli.md'), await cliDocs());
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(
    join(root, 'README.md'),
    readme.replace(KEY_TABLE, () => keyTableMarkdown()),
  );
  await writeManPage();
}
