import type { Io } from '../../../io/io.ts';
import { print, printJson } from '../../../io/print.ts';
import { type PlainText, plainName, plainText, words } from '../../../model/text.ts';
import { environmentName, SETTING_NAMES, SETTINGS } from '../../config/settings.ts';
import { EXIT, refuse } from '../../process/exit.ts';
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

  if (json) printJson(io, { path: resolved.path, settings: rows });
  else print(io, words`file: ${plainName(resolved.path)}`, words``, ...rows.map(rowText));
  return EXIT.ok;
}

function rowText(row: { name: string; value: unknown; origin: string; meaning: string }): PlainText {
  const value = row.value === null ? '–' : JSON.stringify(row.value);
  return plainText(`${row.name.padEnd(11)} ${value.padEnd(12)} ${row.origin.padEnd(11)} ${row.meaning}`);
}
