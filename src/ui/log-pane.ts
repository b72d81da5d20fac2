import { joined, words } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import { plural } from '../present/count.ts';
import { findInLog } from '../present/log.ts';
import { LINES_READ, type OpenLog, openLog } from './open-log.ts';
import type { Terminal } from './terminal.ts';
import type { LogPane, ViewController } from './view-controller.ts';

/** A log pane with what only the controller needs. */
export interface ControlledLogPane extends LogPane {
  /** Moves by lines; infinite numbers mean the ends. */
  move(by: number): void;
  /** Closes a log that is no longer shown, and opens the one that the details show. */
  tidy(): void;
}

/** How many lines are read for the details. */
const LAST_LINES = 200;

export function createLogPane(parts: {
  readonly monitor: Monitor;
  readonly terminal: Terminal;
  readonly onNews: () => void;
  readonly controller: () => ViewController;
}): ControlledLogPane {
  const { monitor, terminal } = parts;
  let log: OpenLog | null = null;
  /** The last match, and what was searched for: it may be visible without being at the top. */
  let match: { readonly search: string; readonly at: number } | null = null;

  function goTo(number: number): void {
    const { change } = parts.controller();
    change({ type: 'log-shown', log: { follows: false } });
    change({ type: 'scrolled', to: Math.max(0, number) });
  }

  return {
    get log() {
      return log;
    },
    open() {
      const controller = parts.controller();
      const id = controller.selected?.task.id;
      if (id === undefined) return;
      match = null;
      log?.close();
      controller.change({ type: 'pane-opened', pane: 'log' });
      controller.change({ type: 'log-shown', log: { follows: true, search: words`` } });
      log = openLog(monitor, id, parts.onNews, LINES_READ);
    },
    find(direction) {
      const { view, notice } = parts.controller();
      const { search } = view.log;
      const end = log ? log.held.first + log.held.lines.length : 0;
      const begin = direction === 1 ? view.paneTop : view.log.follows ? end - 1 : view.paneTop - 1;
      const from = match?.search === search ? match.at + direction : begin;
      const found = log && findInLog(log.held, search, from, direction);
      if (found === null)
        return notice(words`no ${direction === 1 ? 'further' : 'earlier'} line matches ${search}`);
      match = { search, at: found };
      goTo(found);
    },
    copy() {
      const { view, pageSize, notice } = parts.controller();
      if (!log) return;
      const { lines, first } = log.held;
      const from = Math.max(0, view.paneTop - first);
      const shown = lines.slice(from, from + pageSize + 1).map(({ text }) => text);
      terminal.copy(joined(shown, '\n'));
      notice(words`copied ${plural(shown.length, 'line')}`);
    },
    move(by) {
      match = null;
      const { view, change } = parts.controller();
      if (by === Number.POSITIVE_INFINITY) change({ type: 'log-shown', log: { follows: true } });
      else if (by < 0 || !view.log.follows) goTo(view.paneTop + by);
    },
    tidy() {
      const { view, selected } = parts.controller();
      const wanted = view.pane === 'log' ? log?.id : view.pane === 'detail' ? selected?.task.id : undefined;
      if (log?.id === wanted) return;
      log?.close();
      log = wanted === undefined ? null : openLog(monitor, wanted, parts.onNews, LAST_LINES);
    },
  };
}
