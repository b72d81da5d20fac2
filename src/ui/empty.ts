import { OWN_RUNS } from '../model/id.ts';
import { plural } from '../present/count.ts';
import { wrap } from '../present/fit.ts';
import { BLANK_LINE, type Line, line, segment, textLine } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import type { ViewController } from './view-controller.ts';

/** Returns what is shown in place of an empty list, and what to do about it. */
export function emptyLines(controller: ViewController, context: RenderContext): Line[] {
  const { sections, view, data } = controller;
  if (sections.filteredOut > 0) {
    return say(
      [`no task matches "${view.filter}" (${sections.filteredOut} hidden); esc clears the filter`],
      context,
    );
  }
  if (sections.dismissed > 0) {
    return say([`${plural(sections.dismissed, 'task')} dismissed; u brings the last ones back`], context);
  }
  if ([...data.sources.keys()].every((id) => id === OWN_RUNS)) return welcomeLines(context);
  const open = [...data.sources.values()].some((source) => source.status === 'live');
  return say([open ? 'no tasks yet: new ones appear here' : 'waiting for the sources'], context);
}

/** Returns the lines for new users. */
function welcomeLines(context: RenderContext): Line[] {
  const examples: readonly (readonly [string, string])[] = [
    ['taskglass demo', 'see it at work: real workers on this machine'],
    ['taskglass state.json', 'watch a state file (.json, .ndjson)'],
    ['taskglass wss://relay.example', "watch a relay's jobs; with --pubkey NPUB, one key's"],
    ['taskglass .', 'watch everything in this directory'],
    ['… | taskglass -', 'read NDJSON from standard input'],
    ['taskglass run -- make', 'run a command as a tracked task'],
  ];
  const commandWidth = Math.max(...examples.map(([command]) => command.length)) + 3;
  const isWide = context.width >= commandWidth + 40;
  return [
    BLANK_LINE,
    ...say(['Nothing to watch yet: no source was named, and none was found here.'], context),
    BLANK_LINE,
    ...examples.flatMap(([command, words]) =>
      isWide
        ? [
            line([
              segment('  '),
              segment((context.ascii ? command.replace('…', '...') : command).padEnd(commandWidth), 'strong'),
              segment(words, 'dim'),
            ]),
          ]
        : [line([segment('  '), segment(context.ascii ? command.replace('…', '...') : command, 'strong')])],
    ),
  ];
}

function say(sentences: readonly string[], context: RenderContext): Line[] {
  return sentences.flatMap((sentence) =>
    wrap(sentence, context.width - 4).map((text) => textLine(`  ${text}`)),
  );
}
