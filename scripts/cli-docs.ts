/** Writes `docs/cli.md` from the commands themselves: what `taskglass help COMMAND` says, on one page. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliCommand, CliOption, CommandGroups } from '../src/cli/command.ts';
import { view } from '../src/cli/commands/view.ts';
import { COMMANDS } from '../src/cli/commands.ts';
import { optionWords, sentence, usageWords } from '../src/cli/program/words.ts';

const INTRODUCTION = `# The command line

Every command with its options and examples. \`taskglass help COMMAND\` says the same in a terminal.

Exit codes: 0 success, 1 a bug, or no answer to a command, 2 a mistake in the usage or configuration, 3 no source could be
read, 4 a task failed, 5 a task was cancelled, 6 a task has not ended (only if asked for), 124 a wait timed out, 130 and 143
ended by SIGINT and SIGTERM. \`taskglass run\` ends with its command's own code.

<!-- Made by: node scripts/cli-docs.ts. Change the commands in src/cli/commands/, not this page. -->
`;

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

/** Returns a table of commands with what each is about, linked to its section. */
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
    ...(notes === undefined ? [] : [/^\s/mu.test(notes) ? code('text', notes.split('\n')) : notes]),
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

if (import.meta.main) writeFileSync(join(import.meta.dirname, '..', 'docs', 'cli.md'), await cliDocs());
