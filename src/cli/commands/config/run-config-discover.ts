import type { Io } from '../../../io/io.ts';
import { print, printJson } from '../../../io/print.ts';
import { joined, type PlainText, plainName, words } from '../../../model/text.ts';
import { numberText } from '../../../present/count.ts';
import { lineText } from '../../../present/line.ts';
import { tableLines } from '../../../present/table.ts';
import { AGENTS } from '../../../session/discovered-kinds.ts';
import { discover, type Looked } from '../../../session/discovery.ts';
import { PROGRAM_SCHEMES } from '../../../session/programs.ts';
import { tableWidth, wantsAscii } from '../../process/appearance.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { shownPath } from '../../process/shown-path.ts';
import { sessionContext } from '../../session/context.ts';
import { type CommandOptions, readSettings } from '../../session/session.ts';

/** Prints what is searched if no source is named, what was found there, and how to switch it off. */
export async function runConfigDiscover(
  { json, ...options }: CommandOptions & { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const resolved = await readSettings(options, io);
  if (resolved.kind === 'refused') return refuse(io, resolved.problem, EXIT.usage);
  const { settings, path } = resolved;
  const looked = await discover(settings.discover, sessionContext(io));
  if (json) {
    const kinds = looked.map(({ isOn, ...rest }) => ({ ...rest, on: isOn }));
    printJson(io, { path, configured: settings.sources, kinds });
    return EXIT.ok;
  }
  const columns = [{ title: words`KIND` }, { title: words`PLACE`, yields: 1 }, { title: words`FOUND` }];
  const rows = looked.map((row) => [words`${row.kind}`, shownPath(row.place), foundText(row)]);
  const context = { width: tableWidth(io), ascii: wantsAscii(settings.ascii, io) };
  print(io, ...tableLines(columns, rows, context).map(lineText), words``, ...advice(path));
  if (settings.sources.length > 0)
    print(io, words`also configured: ${joined(settings.sources.map(plainName), ', ')}`);
  return EXIT.ok;
}

function foundText({ isOn, found, why }: Looked): PlainText {
  if (!isOn) return words`(switched off)`;
  return why ? words`– ${why}` : numberText(found);
}

/** Returns how a kind is switched off, and what is never searched unless it is named. */
function advice(path: string): PlainText[] {
  const asked = PROGRAM_SCHEMES.filter((scheme) => !AGENTS.some((agent) => `${agent}:` === scheme));
  return [
    words`to switch a kind off: {"discover": {"claude": false}} in ${shownPath(path)}, or TASKGLASS_DISCOVER=claude=off`,
    words`never searched for, only named: relays, http:, agui:, ${joined(asked, ', ')} (docs/sources.md)`,
  ];
}
