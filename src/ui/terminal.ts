import type { PlainText } from '../model/text.ts';
import type { QuitReason } from './view-controller.ts';

/** What the screen needs from the terminal, besides being shown on it. */
export interface Terminal {
  copy(text: PlainText): void;
  /** Opens an address or a directory on the desktop; returns false if there is no desktop. */
  open(target: PlainText): boolean;
  /** Whether a slow terminal has yet to accept what was written. Frames wait for it, and only the newest is drawn. */
  isBusy(): boolean;
  onceReady(action: () => void): void;
  quit(reason: QuitReason): void;
}
