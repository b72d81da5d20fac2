import { existsSync } from 'node:fs';
import { words } from '../../../../model/text.ts';
import { plural } from '../../../../present/count.ts';
import { shownPath } from '../../../process/shown-path.ts';
import { readSettings } from '../../../session/session.ts';
import { type Check, ok } from '../check.ts';

/** Whether the settings can be read, wherever they come from. */
export const configuration: Check = {
  name: 'configuration',
  async look({ io, options }) {
    const resolved = await readSettings(options, io);
    if (resolved.kind === 'refused') {
      const { message, hint } = resolved.problem;
      return [{ status: 'problem', message, hint: hint ?? words`taskglass config shows what is read` }];
    }
    const { path, origins } = resolved;
    const set = Object.keys(origins).length;
    if (!existsSync(path)) return [ok(words`no file (${shownPath(path)}), ${plural(set, 'value')} set`)];
    return [ok(words`${shownPath(path)}, ${plural(set, 'value')} set`)];
  },
};
