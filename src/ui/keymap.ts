import type { KeyName } from '../input/event.ts';
import { didYouMean } from '../model/nearest.ts';
import { type Problem, problem } from '../model/problem.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import type { Action, KeyOf } from './action.ts';
import { ACTIONS } from './actions.ts';
import { keyLabel, readKey } from './key-names.ts';

/**
 * The keys that somebody has configured, not yet read: `{"cancel": "ctrl+x", "copy": "none"}`, and where they are
 * configured.
 */
export interface KeySettings {
  readonly where: string;
  readonly given: Readonly<Record<string, unknown>>;
}

/** An action with the keys that are bound to it. */
export interface BoundAction extends Action {
  readonly help: PlainText;
}

/** Which key does what. */
export interface Keymap {
  readonly actions: readonly BoundAction[];
  /** Returns what a key does outside prompts. */
  find(key: KeyName): { readonly action: BoundAction; readonly binding: string } | undefined;
  /** Returns the first key of a binding as people write it; if it has none, how to find it by its name. */
  readonly keyOf: KeyOf;
  /** What is wrong with the configured keys; the others are bound. */
  readonly problems: readonly Problem[];
}

const DEFAULTS: ReadonlyMap<string, readonly KeyName[]> = new Map(
  ACTIONS.flatMap(({ bindings }) => Object.entries(bindings)),
);
/** The values that remove all keys from something. */
const NONE = new Set<unknown>(['none', '', false, null]);

/** Binds the configured keys, and otherwise the default keys unless they are taken. */
export function createKeymap({ given, where }: KeySettings = { given: {}, where: 'keys' }): Keymap {
  const problems: Problem[] = [];
  const complain = (name: string, what: PlainText, hint: PlainText) =>
    problems.push(problem('malformed', 'degraded', words`${plainName(`${where}.${name}`)}: ${what}`, hint));

  const chosen = readChosen(given, complain);
  const takenBy = new Map([...chosen].flatMap(([name, keys]) => keys.map((key) => [key, name] as const)));
  const keysOf = new Map<string, readonly KeyName[]>();
  for (const [name, usual] of DEFAULTS) {
    const keys = chosen.get(name) ?? usual.filter((key) => !takenBy.has(key));
    keysOf.set(name, keys);
    const [lost] = keys.length === 0 && !Object.hasOwn(given, name) ? usual : [];
    if (lost !== undefined)
      complain(
        name,
        words`it has no key any more: ${plainName(takenBy.get(lost) ?? '')} has taken ${keyLabel(lost)}`,
        words`give it another, or say "none"`,
      );
  }
  return keymapOf(keysOf, problems);
}

type Complain = (name: string, what: PlainText, hint: PlainText) => void;

/** Reads the configured keys. If none of a name's keys can be bound, the name is left out and keeps its default. */
function readChosen(given: KeySettings['given'], complain: Complain): Map<string, readonly KeyName[]> {
  const chosen = new Map<string, readonly KeyName[]>();
  const owners = new Map<KeyName, string>();
  for (const [name, value] of Object.entries(given)) {
    if (!DEFAULTS.has(name)) {
      const like = didYouMean(name, [...DEFAULTS.keys()]);
      complain(name, words`no such action`, like ?? words`taskglass config keys lists the names`);
      continue;
    }
    const all = Array.isArray(value) ? value : [value];
    const wanted = all.filter((each) => !NONE.has(each));
    const keys = wanted.flatMap((each) => {
      const read =
        typeof each === 'string' ? readKey(each) : { wrong: words`is not a key: write it as a string` };
      const written = plainName(typeof each === 'string' ? each : String(JSON.stringify(each)));
      if ('wrong' in read)
        complain(name, words`"${written}" ${read.wrong}`, words`until then its default key applies`);
      else if (owners.has(read.key) && owners.get(read.key) !== name)
        complain(
          name,
          words`${keyLabel(read.key)} is bound to ${plainName(owners.get(read.key) ?? '')} already`,
          words`give one of them another key`,
        );
      else {
        owners.set(read.key, name);
        return [read.key];
      }
      return [];
    });
    if (keys.length > 0 || wanted.length === 0) chosen.set(name, [...new Set(keys)]);
  }
  return chosen;
}

function keymapOf(keysOf: ReadonlyMap<string, readonly KeyName[]>, problems: readonly Problem[]): Keymap {
  const keyOf = (binding: string): PlainText => {
    const [key] = keysOf.get(binding) ?? [];
    const palette = binding === 'go-to' ? undefined : keysOf.get('go-to')?.[0];
    if (key !== undefined) return keyLabel(key);
    return palette === undefined ? plainName(binding) : words`${keyLabel(palette)} ${plainName(binding)}`;
  };
  const actions = ACTIONS.map((action) => boundAction(action, keysOf, keyOf));
  const byKey = new Map(
    actions.flatMap((action) =>
      Object.entries(action.bindings).flatMap(([binding, keys]) =>
        keys.map((key) => [key, { action, binding }] as const),
      ),
    ),
  );
  return { actions, find: (key) => byKey.get(key), keyOf, problems };
}

function boundAction(
  action: Action,
  keysOf: ReadonlyMap<string, readonly KeyName[]>,
  keyOf: KeyOf,
): BoundAction {
  const names = Object.keys(action.bindings);
  const bindings = Object.fromEntries(names.map((name) => [name, keysOf.get(name) ?? []]));
  const isUsual = names.every((name) => isSame(bindings[name] ?? [], action.bindings[name] ?? []));
  const help = typeof action.help === 'function' ? action.help(keyOf) : action.help;
  return { ...action, bindings, help, shown: isUsual ? action.shown : shownKeys(action, bindings) };
}

function isSame(a: readonly KeyName[], b: readonly KeyName[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

/** Returns an action's keys. Ctrl-C quits whatever is configured. */
function shownKeys({ name }: Action, bindings: Action['bindings']): PlainText {
  const labels = Object.values(bindings).flat().map(keyLabel);
  return joined(name === 'quit' ? [...labels, words`Ctrl-C`] : labels, ' ');
}

/** Returns the table of keys for the README. */
export function keyTableMarkdown({ actions }: Keymap = createKeymap()): string {
  const rows = actions.map(({ shown, name, help }) => `| \`${cell(shown)}\` | ${name} | ${cell(help)} |`);
  return ['| key | name | what it does |', '|---|---|---|', ...rows].join('\n');
}

/** Escapes bars, which would end a cell. */
function cell(text: PlainText): string {
  return text.replaceAll('|', '\\|');
}
