import type { Check } from './check.ts';
import { configuration } from './checks/configuration.ts';
import { directories } from './checks/directories.ts';
import { fileSystem } from './checks/file-system.ts';
import { hooks } from './checks/hooks.ts';
import { keys } from './checks/keys.ts';
import { locale } from './checks/locale.ts';
import { multiplexer } from './checks/multiplexer.ts';
import { node } from './checks/node.ts';
import { notifications } from './checks/notifications.ts';
import { programs } from './checks/programs.ts';
import { sources } from './checks/sources.ts';
import { terminal } from './checks/terminal.ts';
import { version } from './checks/version.ts';
import { watches } from './checks/watches.ts';

/** All checks, in the order in which they are reported. */
export const CHECKS: readonly Check[] = [
  version,
  node,
  terminal,
  locale,
  multiplexer,
  watches,
  fileSystem,
  directories,
  keys,
  configuration,
  notifications,
  hooks,
  sources,
  programs,
];
