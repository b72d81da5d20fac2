import type { PlainText } from '../model/text.ts';
import type { QuitReason } from './view-controller.ts';

/** What the screen needs of the terminal, beside being shown on it. */
export interface Terminal {
  copy(text: PlainText): void;
  /** Opens an address or a directory on the desktop; false if there is none. */
  open(target: PlainText): boolean;
  /** A slow terminal still has to take what was written: frames wait for it, the newest one counts. */
  isBusy(): boolean;
  onceReady(action: () => void): void;
  quit(reason: QuitReason): void;
}
