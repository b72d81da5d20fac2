import { OWN_RUNS } from '../model/id.ts';
import { type PlainText, words } from '../model/text.ts';
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
      [words`no task matches "${view.filter}" (${sections.filteredOut} hidden); esc clears the filter`],
      context,
    );
  }
  if (sections.dismissed > 0) {
    return say(
      [words`${plural(sections.dismissed, 'task')} dismissed; u brings the last ones back`],
      context,
    );
  }
  if (view.isSearching) return say([words`looking for tasks, here and among your own`], context);
  if ([...data.sources.keys()].every((id) => id === OWN_RUNS)) return welcomeLines(context);
  const open = [...data.sources.values()].some((source) => source.status === 'live');
  return say([open ? words`no tasks yet: new ones appear here` : words`waiting for the sources`], context);
}

/** Returns the lines for new users. */
function welcomeLines(context: RenderContext): Line[] {
  const examples: readonly (readonly [PlainText, PlainText])[] = [
    [words`taskglass demo`, words`see it at work: real workers on this machine`],
    [words`taskglass state.json`, words`watch a state file (.json, .ndjson)`],
    [words`taskglass wss://relay.example`, words`watch a relay's jobs; with --pubkey NPUB, one key's`],
    [words`taskglass config discover`, words`see what is looked for, and where`],
    [words`… | taskglass -`, words`read NDJSON from standard input`],
    [words`taskglass run -- make`, words`run a command as a tracked task`],
  ];
  const commandWidth = Math.max(...examples.map(([command]) => command.length)) + 3;
  const isWide = context.width >= commandWidth + 40;
  return [
    BLANK_LINE,
    ...say(
      [words`Nothing to watch yet: no source was named, and none was found here or among your own.`],
      context,
    ),
    BLANK_LINE,
    ...examples.flatMap(([command, about]) =>
      isWide
        ? [
            line([
              segment('  '),
              segment(
                (context.ascii ? command.replace(/…/u, '...') : command).padEnd(commandWidth),
                'strong',
              ),
              segment(about, 'dim'),
            ]),
          ]
        : [line([segment('  '), segment(context.ascii ? command.replace(/…/u, '...') : command, 'strong')])],
    ),
  ];
}

function say(sentences: readonly PlainText[], context: RenderContext): Line[] {
  return sentences.flatMap((sentence) =>
    wrap(sentence, context.width - 4).map((text) => textLine(words`  ${text}`)),
  );
}
