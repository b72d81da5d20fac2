import type { KeyName } from '../input/event.ts';
import type { PlainText } from '../model/text.ts';
import type { ViewController } from './view-controller.ts';

/** Says which key is bound to something, by the name that the configuration knows it by. */
export type KeyOf = (binding: string) => PlainText;

/** A key (or several) with what it does. Footer, help and documentation are made from this table. */
export interface Action {
  /**
   * What it does by which keys, by the names that the configuration knows (`keys`). Most actions do one thing; to move is
   * to go up or down.
   */
  readonly bindings: Readonly<Record<string, readonly KeyName[]>>;
  /** The keys as they are written for people, unless other keys are configured. */
  readonly shown: PlainText;
  readonly name: PlainText;
  /** A shorter name, for the footer; `name` where absent. */
  readonly shortName?: PlainText;
  /** What it does; with the keys of other actions, if it speaks of them. */
  readonly help: PlainText | ((keyOf: KeyOf) => PlainText);
  /** Its rank among the keys of the footer, if there is not room for all; absent: only in the help. */
  readonly footer?: number;
  /** Whether it belongs in the footer now; always where absent. */
  readonly isTimely?: (controller: ViewController) => boolean;
  /** It is about the selected task, which stays selected from then on. */
  readonly isAboutTask?: true;
  /** It moves in what is open, or closes it; of any other key one wants to see what it does, so it closes the help. */
  readonly isForPanes?: true;
  /** Its keys can be held down: several of one, read at once, are that key as often. */
  readonly canBeHeld?: true;
  /** What it does is offered by other names. */
  readonly isListedApart?: true;
  /** Why it can't be done now; null when it can. */
  readonly refusal?: (controller: ViewController) => PlainText | null;
  readonly run: (controller: ViewController, binding: string) => void;
}
