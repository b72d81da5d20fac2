import type { Io } from '../../../io/io.ts';
import { print, printJson } from '../../../io/print.ts';
import { type PlainText, plainName, plainText, words } from '../../../model/text.ts';
import { environmentName } from '../../config/environment-name.ts';
import type { Setting } from '../../config/setting.ts';
import { SETTING_NAMES, SETTINGS, type SettingName, type Settings } from '../../config/settings.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { type CommandOptions, readSettings } from '../../session/session.ts';

/** Prints the path of the configuration, and the value, origin and meaning of each setting. */
export async function runConfig(options: CommandOptions & { json?: boolean }, io: Io): Promise<number> {
  const { json, ...rest } = options;
  const resolved = await readSettings(rest, io);
  if (resolved.kind === 'refused') return refuse(io, resolved.problem, EXIT.usage);
  const rows = SETTING_NAMES.map((name) => ({
    name,
    value: resolved.settings[name] ?? null,
    origin: resolved.origins[name] ?? 'default',
    environment: environmentName(name),
    meaning: SETTINGS[name].about,
  }));

  if (json) printJson(io, { path: resolved.path, settings: rows.map(printedRow) });
  else print(io, words`file: ${plainName(resolved.path)}`, words``, ...rows.map(rowText));
  if (Object.keys(resolved.settings.keys.given).length > 0) await checkKeys(resolved.settings.keys, io);
  return EXIT.ok;
}

/** Complains about keys that cannot be bound: the view works without them. */
async function checkKeys(keys: Settings['keys'], io: Io): Promise<void> {
  const { createKeymap } = await import('../../../ui/keymap.ts');
  for (const each of createKeymap(keys).problems) complain(io, each);
}

interface Row {
  readonly name: SettingName;
  readonly value: unknown;
  readonly origin: string;
  readonly meaning: string;
}

function printedRow(row: Row): Row {
  const { printed }: Setting<unknown> = SETTINGS[row.name];
  return printed && row.value !== null ? { ...row, value: printed(row.value) } : row;
}

function rowText(row: Row): PlainText {
  const setting: Setting<unknown> = SETTINGS[row.name];
  const value = row.value === null ? '–' : (setting.shown?.(row.value) ?? JSON.stringify(row.value));
  return plainText(`${row.name.padEnd(11)} ${value.padEnd(12)} ${row.origin.padEnd(11)} ${row.meaning}`);
}
