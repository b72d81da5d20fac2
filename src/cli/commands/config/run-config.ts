import type { Io } from '../../../io/io.ts';
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

  if (json) io.stdout.write(`${JSON.stringify({ path: resolved.path, settings: rows }, null, 2)}\n`);
  else io.stdout.write([`file: ${resolved.path}`, '', ...rows.map(rowText), ''].join('\n'));
  return EXIT.ok;
}

function rowText(row: { name: string; value: unknown; origin: string; meaning: string }): string {
  const value = row.value === null ? '–' : JSON.stringify(row.value);
  return `${row.name.padEnd(11)} ${value.padEnd(12)} ${row.origin.padEnd(11)} ${row.meaning}`;
}
