/** A command as GitHub's runner reads it in a line of a log. */
export interface WorkflowCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Those that `ActionCommandManager.cs` registers. */
const COMMANDS = new Set(
  `internal-set-repo-path set-env set-output save-state add-path add-mask add-matcher remove-matcher warning error notice debug
  group endgroup echo stop-commands`.split(/\s+/u),
);

/** Reads a line as actions/runner does (`ActionCommand.cs`: TryParseV2, then TryParse); null if it contains no command. */
export function readWorkflowCommand(line: string): WorkflowCommand | null {
  return readSecond(line) ?? readFirst(line);
}

/** Reads `::name key=value,key=value::data` at the beginning of the line. */
function readSecond(line: string): WorkflowCommand | null {
  const text = line.trimStart();
  const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
  if (end < 0) return null;
  const unescapeData = (raw: string) =>
    raw.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const unescapeProperty = (raw: string) =>
    raw
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  return read(text.slice(2, end), ',', unescapeProperty, unescapeData(text.slice(end + 2)));
}

/** Reads `##[name key=value;key=value]data` anywhere in the line. */
function readFirst(line: string): WorkflowCommand | null {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return null;
  return read(line.slice(start + 3, end), ';', (raw) => raw, line.slice(end + 1));
}

function read(
  info: string,
  separator: string,
  unescaped: (raw: string) => string,
  data: string,
): WorkflowCommand | null {
  const [command = ''] = info.split(' ', 1);
  if (!COMMANDS.has(command)) return null;
  const pairs = info.slice(command.length).trim().split(separator).filter(Boolean);
  const properties: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at > 0 && at < pair.length - 1) properties[pair.slice(0, at)] = unescaped(pair.slice(at + 1));
  }
  return { command, properties, data };
}
