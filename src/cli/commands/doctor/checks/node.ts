import { type PlainText, plainName, words } from '../../../../model/text.ts';
import { shownPath } from '../../../process/shown-path.ts';
import { type Check, ok, warning } from '../check.ts';

/** Which runtime runs taskglass, and whether an older one handed over to it. */
export const node: Check = {
  name: 'node',
  async look({ io: { env } }) {
    const { bun, deno } = process.versions;
    const platform = words`${plainName(process.platform)} ${plainName(process.arch)}`;
    if (bun !== undefined) return [ok(words`Bun ${plainName(bun)}, ${platform}`)];
    if (deno !== undefined) return [ok(words`Deno ${plainName(deno)}, ${platform}`)];
    const said = words`Node ${plainName(process.versions.node)} (${shownPath(process.execPath)}), ${platform}${handedOver()}`;
    if (env.NODE_DISABLE_COMPILE_CACHE)
      return [
        warning(
          words`${said}; NODE_DISABLE_COMPILE_CACHE is set`,
          words`unset it: each start takes about twice as long`,
        ),
      ];
    return [ok(said)];
  },
};

/** Says so if the Node that was started was too old and handed over to this one. */
function handedOver(): PlainText {
  return process.argv[1]?.endsWith('handed-over.js') ? words`, started by an older Node` : words``;
}
