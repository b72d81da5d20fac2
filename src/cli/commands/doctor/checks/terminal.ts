import { joined, type PlainText, plainName, words } from '../../../../model/text.ts';
import { findTerminal, type KnownTerminal } from '../../../../notify/terminal/known-terminal.ts';
import { isTooSmall, SMALLEST } from '../../../../ui/size.ts';
import { isDumb, wantsColor } from '../../../process/appearance.ts';
import { type Check, type Finding, ok, warning } from '../check.ts';

/** What the terminal can show, according to itself or to tmux. */
export const terminal: Check = {
  name: 'terminal',
  async look({ io, signal }) {
    const { env, stdout, clock } = io;
    const term = plainName(env.TERM ?? '');
    if (isDumb(env))
      return [
        warning(
          term === ''
            ? words`TERM is not set: plain lines are printed`
            : words`TERM is ${term}: plain lines are printed`,
          words`if your terminal can do more, set TERM to its type, such as xterm-256color`,
        ),
      ];
    if (!stdout.isTTY) return [ok(words`standard output is not a terminal: plain lines are printed`)];
    const known = await findTerminal(env, { clock, signal });
    const name = known.isKnown ? words`${plainName(known.name)} (${term})` : term;
    const said = words`${name}, ${stdout.columns}×${stdout.rows}, ${coloursOf(stdout, wantsColor(true, io))}`;
    return [sizeFinding(stdout, said), ...(known.isKnown ? [ok(featuresText(known))] : [])];
  },
};

function sizeFinding(terminal: NodeJS.WriteStream, said: PlainText): Finding {
  return isTooSmall(terminal)
    ? warning(said, words`make it larger: the view needs ${SMALLEST.columns}×${SMALLEST.rows}`)
    : ok(said);
}

function coloursOf(stdout: NodeJS.WriteStream, hasColours: boolean): PlainText {
  if (!hasColours) return words`no colours (NO_COLOR, FORCE_COLOR or TERM says so)`;
  const depth = typeof stdout.getColorDepth === 'function' ? stdout.getColorDepth() : 4;
  return words`${depth >= 24 ? '16 million' : 2 ** depth} colours`;
}

/** Terminals without links, and those whose clipboard programs cannot set, according to their documentation of 2026. */
const NO_LINKS = /rxvt|apple_terminal|xterm\(|conemu/u;
const NO_CLIPBOARD = /rxvt|apple_terminal|vte|gnome|ptyxis|conemu/u;

function featuresText({ name, protocol, hasProgress }: KnownTerminal): PlainText {
  const features = [
    ...(NO_LINKS.test(name) ? [] : [words`links (OSC 8)`]),
    ...(NO_CLIPBOARD.test(name) ? [] : [words`clipboard (OSC 52)`]),
    ...(protocol === null ? [] : [words`notifications (OSC ${protocol})`]),
    ...(hasProgress ? [words`progress (OSC 9;4)`] : []),
    words`focus`,
  ];
  return words`knows ${joined(features, ', ')}`;
}
