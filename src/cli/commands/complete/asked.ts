import type { CliCommand, CliOption, ValueKind } from '../../command.ts';

/** What a shell asks for: how the word that is being typed could be completed. */
export interface Asked {
  /** What the word may be, including the names of commands and options. */
  readonly takes: readonly ValueKind[];
  /** The commands or verbs that the word may name. */
  readonly commands: readonly CliCommand[];
  /** The options that the word may name. */
  readonly options: readonly CliOption[];
  /** The beginning of the word that is not part of the value: `--sort=`. */
  readonly before: string;
  /** The part of the value that has been typed. */
  readonly typed: string;
  /** The index of the word at which the command to run begins; null if there is none. */
  readonly commandAt: number | null;
  /** The values given so far for the command's own options, by their long names. */
  readonly given: ReadonlyMap<string, string>;
}

/** What a placeholder `<…>` stands for, unless a command says otherwise. */
const BY_PLACEHOLDER: Readonly<Record<string, readonly ValueKind[]>> = {
  id: ['task'],
  'id-or-source': ['task', 'source'],
  source: ['source'],
  'text-or-source': ['source'],
  file: ['file'],
  'file-or-id': ['file'],
  path: ['file'],
  dir: ['directory'],
  target: ['file'],
};

/** The state of reading the words. */
interface Place {
  command: CliCommand;
  /** The command that `command` is a verb of. */
  group: CliCommand | null;
  /** How many command names have been read. */
  depth: number;
  verbs: readonly CliCommand[];
  readonly args: string[];
  readonly given: Map<string, string>;
  /** The option whose value comes next. */
  awaits: CliOption | null;
  isPastOptions: boolean;
  firstArgumentAt: number | null;
}

/** Reads the words before the one that is being typed, as the program itself would, and returns what is asked for. */
export async function findAsked(
  view: CliCommand,
  commands: readonly CliCommand[],
  words: readonly string[],
  current: string,
): Promise<Asked> {
  const place = await readWords(view, commands, words);
  const { command, awaits, args, given } = place;
  const nothing = {
    takes: [],
    commands: [],
    options: [],
    before: '',
    typed: current,
    commandAt: null,
    given,
  };
  if (awaits && !(isOptional(awaits) && current.startsWith('-')))
    return { ...nothing, takes: takenBy(awaits, place) };
  if (command.passesOptionsOn && (place.isPastOptions || args.length > 0 || !current.startsWith('-')))
    return { ...nothing, commandAt: place.firstArgumentAt ?? words.length };
  if (!place.isPastOptions) {
    const [, name, typed = ''] = /^(--[^=]+)=(.*)$/su.exec(current) ?? [];
    const option = name === undefined ? undefined : optionNamed(name, place);
    if (option) return { ...nothing, takes: takenBy(option, place), before: `${name}=`, typed };
    if (current.startsWith('-')) return { ...nothing, options: optionsLeft(place) };
  }
  const takes = takenAt(args.length, place);
  const ownCommands = takes.includes('command') ? await commandsBelow(commands, args) : [];
  const verbs = args.length === 0 ? place.verbs : [];
  return { ...nothing, takes, commands: [...verbs, ...ownCommands].filter(({ isHidden }) => !isHidden) };
}

async function readWords(
  view: CliCommand,
  commands: readonly CliCommand[],
  words: readonly string[],
): Promise<Place> {
  const place: Place = {
    command: view,
    group: null,
    depth: 0,
    verbs: commands,
    args: [],
    given: new Map(),
    awaits: null,
    isPastOptions: false,
    firstArgumentAt: null,
  };
  for (const [at, word] of words.entries()) await readWord(word, at, place);
  return place;
}

async function readWord(word: string, at: number, place: Place): Promise<void> {
  const { command, awaits, args } = place;
  place.awaits = null;
  const isOption =
    /^-./su.test(word) && !place.isPastOptions && !(command.passesOptionsOn && args.length > 0);
  if (awaits && !(isOptional(awaits) && isOption)) {
    place.given.set(nameOf(awaits), word);
  } else if (isOption && word === '--') {
    place.isPastOptions = true;
  } else if (isOption) {
    const [name = '', value] = word.startsWith('--') ? splitAt(word, '=') : [word];
    const option = optionNamed(name, place);
    if (option) place.given.set(nameOf(option), value ?? '');
    if (option && value === undefined && placeholderOf(option) !== null) place.awaits = option;
  } else {
    const verb = args.length === 0 ? place.verbs.find(({ name }) => name === word) : undefined;
    if (verb) await enter(verb, place);
    else {
      place.firstArgumentAt ??= at;
      args.push(word);
    }
  }
}

async function enter(verb: CliCommand, place: Place): Promise<void> {
  place.group = place.depth === 0 ? null : place.command;
  place.depth += 1;
  place.command = verb;
  place.verbs = Object.values((await verb.verbs?.()) ?? {}).flat();
}

async function commandsBelow(
  commands: readonly CliCommand[],
  words: readonly string[],
): Promise<readonly CliCommand[]> {
  let found = commands;
  for (const word of words) {
    const command = found.find(({ name }) => name === word);
    found = Object.values((await command?.verbs?.()) ?? {}).flat();
  }
  return found;
}

function optionsOf({ command, group }: Place): CliOption[] {
  const shared = group && !group.run ? (group.options ?? []) : [];
  return [...shared, ...(command.options ?? []), HELP].filter(({ isHidden }) => !isHidden);
}

const HELP: CliOption = { flags: '-h, --help', about: 'show this help' };

function optionsLeft(place: Place): CliOption[] {
  return optionsOf(place).filter((option) => option.isRepeatable || !place.given.has(nameOf(option)));
}

function optionNamed(name: string, place: Place): CliOption | undefined {
  return optionsOf(place).find(({ flags }) => flagsOf(flags).includes(name));
}

/** Returns the names of an option: `-n` and `--tail`. */
export function flagsOf(flags: string): string[] {
  return flags.match(/-[-\w]+/gu) ?? [];
}

function nameOf({ flags }: CliOption): string {
  return flagsOf(flags).at(-1) ?? flags;
}

/** Returns the placeholder in an option's brackets; null if it takes no value. */
function placeholderOf({ flags }: CliOption): string | null {
  return /[<[](.+)[>\]]/u.exec(flags)?.[1] ?? null;
}

function isOptional({ flags }: CliOption): boolean {
  return flags.includes('[');
}

function takenBy(option: CliOption, { group }: Place): readonly ValueKind[] {
  const placeholder = placeholderOf(option) ?? '';
  return option.takes ?? group?.argumentsTake?.[placeholder] ?? BY_PLACEHOLDER[placeholder] ?? [];
}

/** Returns what the argument at this index may be; the last argument of a form may be repeated if it ends in `...`. */
function takenAt(index: number, { command, group }: Place): readonly ValueKind[] {
  const names = [...(command.form ?? '').matchAll(/[<[]([^>\]]+?)(\.\.\.)?[>\]]/gu)];
  const last = names.at(-1);
  const [, name] = names[index] ?? (last?.[2] ? last : []);
  if (name === undefined) return [];
  return command.argumentsTake?.[name] ?? group?.argumentsTake?.[name] ?? BY_PLACEHOLDER[name] ?? [];
}

function splitAt(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
