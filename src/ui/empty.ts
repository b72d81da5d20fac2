import { OWN_RUNS } from '../model/id.ts';
import { type PlainText, words } from '../model/text.ts';
import { plural } from '../present/count.ts';
import { cutLine, wrap } from '../present/fit.ts';
import { BLANK_LINE, type Line, segment, textLine } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import type { ViewController } from './view-controller.ts';

/** Returns what is shown instead of an empty list, with advice. */
export function emptyLines(controller: ViewController, context: RenderContext, height: number): Line[] {
  const { sections, view, data, keyOf } = controller;
  if (sections.filteredOut > 0) {
    return say(
      [
        words`no task matches "${view.filter}" (${sections.filteredOut} hidden); ${keyOf('close')} clears the filter`,
      ],
      context,
    );
  }
  if (sections.dismissed > 0) {
    return say(
      [words`${plural(sections.dismissed, 'task')} dismissed; ${keyOf('undo')} brings the last ones back`],
      context,
    );
  }
  if (view.isSearching) return say([words`looking for tasks, here and among your own`], context);
  if ([...data.sources.keys()].every((id) => id === OWN_RUNS)) return welcomeLines(context, height);
  const open = [...data.sources.values()].some((source) => source.status === 'live');
  return say([open ? words`no tasks yet: new ones appear here` : words`waiting for the sources`], context);
}

/** What to type first, the most useful example first. */
const EXAMPLES: readonly (readonly [PlainText, PlainText])[] = [
  [words`taskglass demo`, words`see it at work: real workers on this machine`],
  [words`taskglass run -- make`, words`run a command as a tracked task`],
  [words`taskglass state.json`, words`watch a state file (.json, .ndjson)`],
  [words`taskglass wss://relay.example`, words`watch a relay; --pubkey NPUB: one key's jobs`],
  [words`… | taskglass -`, words`read NDJSON from standard input`],
  [words`taskglass config discover`, words`see what is looked for, and where`],
];
/** On fewer lines, none is left blank. */
const ROOMY = 12;

/** Returns the lines for new users. */
function welcomeLines(context: RenderContext, height: number): Line[] {
  const { ascii, width } = context;
  const commandWidth = Math.max(...EXAMPLES.map(([command]) => command.length)) + 3;
  const isWide = width >= commandWidth + 40;
  const gap = height < ROOMY ? [] : [BLANK_LINE];
  return [
    ...gap,
    ...say(
      [words`Nothing to watch yet: no source was named, and none was found here or among your own.`],
      context,
    ),
    ...gap,
    ...EXAMPLES.map(([example, about]) => {
      const command = ascii ? example.replace(/…/u, '...') : example;
      const told = isWide ? [segment(about, 'dim')] : [];
      const typed = segment(isWide ? command.padEnd(commandWidth) : command, 'strong');
      return cutLine([segment('  '), typed, ...told], width, ascii);
    }),
  ];
}

function say(sentences: readonly PlainText[], context: RenderContext): Line[] {
  return sentences.flatMap((sentence) =>
    wrap(sentence, context.width - 4).map((text) => textLine(words`  ${text}`)),
  );
}
