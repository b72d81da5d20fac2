import type { KeyName } from '../input/event.ts';
import type { PlainText } from '../model/text.ts';
import type { ViewController } from './view-controller.ts';

/** Returns the key that is bound to something, given its name in the configuration. */
export type KeyOf = (binding: string) => PlainText;

/** What a key, or several, does. Footer, help and documentation are made from this table. */
export interface Action {
  /**
   * The default keys of each thing that it does, by its name in the configuration (`keys`). Most actions do only one thing;
   * moving is up or down.
   */
  readonly bindings: Readonly<Record<string, readonly KeyName[]>>;
  /** The keys in short, for people, unless other keys are configured. */
  readonly shown: PlainText;
  readonly name: PlainText;
  /** A shorter name for the footer; `name` if absent. */
  readonly shortName?: PlainText;
  /** What it does; a function if it mentions the keys of other actions. */
  readonly help: PlainText | ((keyOf: KeyOf) => PlainText);
  /** Its priority in the footer, if there is no room for all; if absent, it is only in the help. */
  readonly footer?: number;
  /** Whether to show it in the footer now; if absent, always. */
  readonly isTimely?: (controller: ViewController) => boolean;
  /** Set if it acts on the selected task, which then stays selected. */
  readonly isAboutTask?: true;
  /**
   * Set if it moves within what is open, or closes it. After any other key, people want to see its effect, so it closes the
   * help.
   */
  readonly isForPanes?: true;
  /** Set if its keys can be held down: several of the same key, read at once, are as many key presses. */
  readonly canBeHeld?: true;
  /** Set if the palette offers its parts under other names. */
  readonly isListedApart?: true;
  /** Returns why it cannot be done now; null if it can. */
  readonly refusal?: (controller: ViewController) => PlainText | null;
  readonly run: (controller: ViewController, binding: string) => void;
}
