import { plainName, words } from '../../../../model/text.ts';
import { wantsAscii } from '../../../process/appearance.ts';
import { type Check, ok, warning } from '../check.ts';

/** Whether characters beyond ASCII can be drawn. */
export const locale: Check = {
  name: 'locale',
  async look({ io }) {
    const { LC_ALL, LC_CTYPE, LANG } = io.env;
    const said = plainName(LC_ALL || LC_CTYPE || LANG || '');
    if (!wantsAscii(undefined, io)) return [ok(said === '' ? words`UTF-8` : said)];
    if (/utf-?8/iu.test(said)) return [ok(words`${said}, but this terminal gets ASCII only`)];
    return [
      warning(
        said === '' ? words`none is set: ASCII is drawn` : words`${said} is not UTF-8: ASCII is drawn`,
        words`set one: export LANG=C.UTF-8`,
      ),
    ];
  },
};
