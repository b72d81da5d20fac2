import { join } from 'node:path';
import { readWhole } from '../../../io/read-file.ts';
import { decodeText } from '../../../io/text-encoding.ts';
import { jsonObject, readJson } from '../../../model/json.ts';

/** A setting that keeps hooks from being started, and the file that contains it. */
export interface Disabling {
  readonly setting: 'disableAllHooks' | 'allowManagedHooksOnly';
  readonly file: string;
}

/** Looks through all settings that Claude Code would read in `cwd`, and returns the first that disables our hooks. */
export async function findDisabling(home: string, cwd: string): Promise<Disabling | null> {
  const managed = managedSettings();
  for (const file of [managed, join(home, 'settings.json'), ...projectSettings(cwd)]) {
    const settings = await readSettings(file);
    if (settings?.disableAllHooks === true) return { setting: 'disableAllHooks', file };
    if (file === managed && settings?.allowManagedHooksOnly === true)
      return { setting: 'allowManagedHooksOnly', file };
  }
  return null;
}

function projectSettings(cwd: string): string[] {
  return ['settings.json', 'settings.local.json'].map((name) => join(cwd, '.claude', name));
}

/** Returns the path of the settings that an administrator has made for all users of this machine. */
function managedSettings(): string {
  return process.platform === 'darwin'
    ? '/Library/Application Support/ClaudeCode/managed-settings.json'
    : '/etc/claude-code/managed-settings.json';
}

async function readSettings(file: string) {
  const found = await readWhole(file);
  return 'bytes' in found ? jsonObject(readJson(decodeText(found.bytes))) : null;
}
