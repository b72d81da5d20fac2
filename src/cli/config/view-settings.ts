import { jsonObject, readJson } from '../../model/json.ts';
import { plainName } from '../../model/text.ts';
import { BUILT_IN_VIEWS, MOST_VIEWS, type NamedView } from '../../store/named-view.ts';
import { GROUP_KEYS } from '../../store/sections.ts';
import { SORT_KEYS } from '../../store/select.ts';
import type { KeySettings } from '../../ui/keymap.ts';
import { choice, type Reading, type Setting, text } from './setting.ts';

/** Longer names do not fit in the header. */
const LONGEST_NAME = 24;

const PARTS = {
  name: text('', 'name', { mayBeEmpty: false }),
  filter: text('', 'filter'),
  sort: choice(SORT_KEYS, 'urgency', 'sort'),
  group: choice(GROUP_KEYS, 'none', 'group'),
};
type PartName = keyof typeof PARTS;
const PART_NAMES = Object.keys(PARTS) as PartName[];

/** Makes the setting of the named views: a list of `{name, filter, sort, group}`, of which only the name is required. */
export function namedViews(about: string): Setting<readonly NamedView[]> {
  return {
    about,
    fallback: BUILT_IN_VIEWS,
    shown: (views) => views.map(({ name }) => name).join(', '),
    read(raw) {
      const given = parsed(raw);
      if (!Array.isArray(given)) return { wrong: 'must be a list of {"name", "filter", "sort", "group"}' };
      if (given.length > MOST_VIEWS)
        return { wrong: `has ${given.length} views, but there are ${MOST_VIEWS} digits: leave some out` };
      const views: NamedView[] = [];
      for (const [index, each] of given.entries()) {
        const reading = readView(each);
        if ('wrong' in reading)
          return { wrong: reading.wrong, at: [index, reading.at].filter(isSaid).join('.') };
        if (views.some(({ name }) => name === reading.value.name))
          return { wrong: 'is the name of another view, too', at: `${index}.name` };
        views.push(reading.value);
      }
      return { value: views };
    },
  };
}

function isSaid(part: number | string | undefined): part is number | string {
  return part !== undefined;
}

function readView(raw: unknown): Reading<NamedView> {
  const given = jsonObject(raw);
  if (!given) return { wrong: 'must be an object with a name' };
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(PARTS, key));
  if (unknown !== undefined)
    return { wrong: `has no ${JSON.stringify(unknown)}; it has ${PART_NAMES.join(', ')}` };
  const value: Record<string, unknown> = {};
  for (const name of PART_NAMES) {
    const reading: Reading<unknown> =
      name === 'name' || given[name] !== undefined
        ? PARTS[name].read(given[name])
        : { value: PARTS[name].fallback };
    if ('wrong' in reading) return { wrong: reading.wrong, at: name };
    value[name] = reading.value;
  }
  const { name, filter, sort, group } = value as { [Name in PartName]: (typeof PARTS)[Name]['fallback'] };
  if ([...name].length > LONGEST_NAME)
    return { wrong: `must be at most ${LONGEST_NAME} characters`, at: 'name' };
  return { value: { name: plainName(name), filter: plainName(filter), sort, group } };
}

/**
 * Makes the setting of the keys: what each is bound to, by the names that `taskglass config keys` lists. Only the view knows
 * these names; it reports what it cannot bind, and binds the rest.
 */
export function keyBindings(about: string): Setting<KeySettings> {
  return {
    about,
    fallback: { where: 'keys', given: {} },
    shown: ({ given }) => JSON.stringify(given),
    read(raw, where = 'keys') {
      const given = typeof raw === 'string' ? pairsOrJson(raw) : jsonObject(raw);
      return given
        ? { value: { where, given: { ...given } } }
        : { wrong: 'must be an object: {"cancel": "ctrl+x", "copy": ["y", "f5"], "sort": "none"}' };
    },
  };
}

/** Reads the form that the environment has: `cancel=ctrl+x sort=none`, or JSON. */
function pairsOrJson(text: string): Record<string, unknown> | null {
  if (/^\s*\{/u.test(text)) return jsonObject(parsed(text)) ?? null;
  const pairs = text.split(/\s+/u).filter(Boolean);
  if (pairs.some((pair) => !/^[^=]+=./u.test(pair))) return null;
  return Object.fromEntries(pairs.map((pair) => [pair.replace(/=.*$/u, ''), pair.replace(/^[^=]+=/u, '')]));
}

/** Reads a list from its JSON text, because the environment has only texts. */
function parsed(raw: unknown): unknown {
  return typeof raw === 'string' ? (readJson(raw) ?? raw) : raw;
}
