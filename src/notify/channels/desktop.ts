import type { Clock } from '../../clock.ts';
import { askCommand } from '../../io/ask-command.ts';
import { findExecutable } from '../../io/find-executable.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import type { Environment } from '../../storage/home.ts';
import { type Channel, failed, type Outcome, SENT } from '../channel.ts';
import type { Notification } from '../event.ts';

interface DesktopContext {
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
}

/** How a program is asked to show a notification: its command line, and additions to its environment. */
interface Asked {
  readonly words: readonly string[];
  readonly env?: Environment;
}

/** A desktop's program for notifications. */
interface Notifier {
  readonly program: string;
  ask(told: Notification): Asked;
}

const LIMIT_MS = 5_000;

/** Shows a notification on the desktop, with the first program for it that is installed. No shell reads any text. */
export function createDesktop(
  { env, cwd, clock }: DesktopContext,
  platform: NodeJS.Platform = process.platform,
): Channel {
  const find = () =>
    notifiersOf(platform).find(({ program }) => findExecutable(program, { env, cwd }) !== null);

  return {
    async tell(told, signal): Promise<Outcome> {
      const notifier = find();
      if (!notifier) return failed(noProgram(platform));
      const { words: argv, env: added } = notifier.ask(told);
      const answer = await askCommand(
        { words: argv, env: { ...env, ...added }, limitMs: LIMIT_MS },
        { clock, signal },
      );
      if (answer.kind === 'ended' && answer.code === 0) return SENT;
      const said = answer.kind === 'ended' ? (answer.stderr.trim().split('\n').at(-1) ?? '') : answer.kind;
      return failed(
        problem(
          'refused',
          'degraded',
          words`desktop: ${plainName(notifier.program)} did not show it: ${plainName(said).slice(0, 200)}`,
          'is there a desktop with a notification service here?',
        ),
      );
    },
    async check() {
      if (!find()) return [noProgram(platform)];
      return platform === 'linux' && !hasDesktop(env) ? [noDesktop()] : [];
    },
  };
}

function hasDesktop(env: Environment): boolean {
  return Boolean(env.DBUS_SESSION_BUS_ADDRESS || env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
}

function noProgram(platform: NodeJS.Platform): Problem {
  if (platform === 'darwin' || platform === 'win32')
    return problem('missing', 'down', words`desktop: the system’s own program for it is not on PATH`);
  return problem(
    'missing',
    'down',
    words`desktop: there is no notify-send and no gdbus`,
    'install libnotify (libnotify-bin on Debian)',
  );
}

function noDesktop(): Problem {
  return problem(
    'missing',
    'degraded',
    words`desktop: no desktop session is known here (DBUS_SESSION_BUS_ADDRESS, DISPLAY and WAYLAND_DISPLAY are not set)`,
    'over ssh, use osc, bell or ntfy',
  );
}

function notifiersOf(platform: NodeJS.Platform): readonly Notifier[] {
  if (platform === 'darwin') return [osascript];
  if (platform === 'win32') return [powerShell('powershell.exe')];
  return [notifySend, powerShell('powershell.exe'), gdbus];
}

const notifySend: Notifier = {
  program: 'notify-send',
  ask({ event, title, text }) {
    const urgency = event === 'needs-input' ? 'critical' : 'normal';
    return {
      words: ['notify-send', '--app-name=taskglass', `--urgency=${urgency}`, '--', title, escapeMarkup(text)],
    };
  },
};

/** Its arguments are values in GVariant's text format. */
const gdbus: Notifier = {
  program: 'gdbus',
  ask({ title, text }) {
    const service = 'org.freedesktop.Notifications';
    const call = ['call', '--session', '--dest', service, '--object-path', '/org/freedesktop/Notifications'];
    const about = ["'taskglass'", 'uint32 0', "''", variant(title), variant(escapeMarkup(text))];
    return {
      words: ['gdbus', ...call, '--method', `${service}.Notify`, ...about, '@as []', '@a{sv} {}', '-1'],
    };
  },
};

const osascript: Notifier = {
  program: 'osascript',
  ask({ title, text }) {
    const script = [
      'on run argv',
      'display notification (item 2 of argv) with title (item 1 of argv)',
      'end run',
    ];
    return { words: ['osascript', ...script.flatMap((line) => ['-e', line]), '--', title, text] };
  },
};

/** Windows shows notifications only of programs that it knows, and silently drops all others, so they come from PowerShell. */
const POWERSHELL_ID = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe';

const TOAST = [
  '[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]',
  '$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent(1)',
  '$texts = $xml.GetElementsByTagName("text")',
  '[void]$texts.Item(0).AppendChild($xml.CreateTextNode($env:TASKGLASS_TITLE))',
  '[void]$texts.Item(1).AppendChild($xml.CreateTextNode($env:TASKGLASS_TEXT))',
  '$toast = [Windows.UI.Notifications.ToastNotification]::new($xml)',
  `[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier('${POWERSHELL_ID}').Show($toast)`,
].join('; ');

/** The text is passed in its environment, which it has from us, and through WSL if it is started there. */
function powerShell(program: string): Notifier {
  return {
    program,
    ask({ title, text }) {
      const env = { TASKGLASS_TITLE: title, TASKGLASS_TEXT: text, WSLENV: 'TASKGLASS_TITLE:TASKGLASS_TEXT' };
      return { words: [program, '-NoProfile', '-NonInteractive', '-Command', TOAST], env };
    },
  };
}

/** Notification services read the text as a kind of HTML. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Returns a text in GVariant's format. */
function variant(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
