import { joined, plainName, words } from '../../../../model/text.ts';
import { plural } from '../../../../present/count.ts';
import { shownPath } from '../../../process/shown-path.ts';
import { packageVersion } from '../../../process/version.ts';
import { settingsFile } from '../../hooks/run-hooks.ts';
import { readHooksStatus } from '../../hooks/run-hooks-status.ts';
import { type Check, ok, trouble, warning } from '../check.ts';

const AGAIN = words`taskglass hooks install claude`;

/** Whether the hooks in Claude Code's settings work, if they are installed. */
export const hooks: Check = {
  name: 'hooks',
  async look({ io }) {
    const file = settingsFile({}, io);
    const { installed, gone, versions, disabled, settings } = await readHooksStatus('claude', file, null, io);
    if (installed.length === 0) return [ok(words`not installed (${AGAIN} lets Claude Code ask here)`)];
    if (gone.length > 0)
      return [
        trouble(words`the hooks name files that are gone: ${joined(gone.map(shownPath), ', ')}`, AGAIN),
      ];
    if (disabled)
      return [
        trouble(
          words`the hooks are switched off: ${disabled.setting} is set in ${shownPath(disabled.file)}`,
          words`take that setting out, or the hooks: taskglass hooks remove claude`,
        ),
      ];
    if (versions.some((each) => each !== packageVersion()))
      return [warning(words`the hooks in ${shownPath(settings)} are of another version`, AGAIN)];
    return [
      ok(
        words`${plural(installed.length, 'hook')} in ${shownPath(settings)}: ${joined(installed.map(plainName), ', ')}`,
      ),
    ];
  },
};
