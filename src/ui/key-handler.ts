import type { Clock } from '../clock.ts';
import { type InputEvent, isHeldKey, isPrintable, type KeyName, keyOfCharacter } from '../input/event.ts';
import { plainName, words } from '../model/text.ts';
import type { Keymap } from './keymap.ts';
import type { Prompt } from './prompt.ts';
import { addToField, answerPrompt, isField } from './prompts.ts';
import type { ViewController } from './view-controller.ts';

/** Handles keys: passes them to the open question or field, otherwise to their action. */
export interface KeyHandler {
  take(event: InputEvent): void;
  /** Is called when a frame has been drawn: its question can be answered from now on. */
  drawn(): void;
}

export function createKeyHandler(parts: {
  readonly controller: ViewController;
  readonly keymap: Keymap;
  readonly clock: Clock;
  /** Whether the screen is too small to show what a key would act on. */
  readonly isUnseen: () => boolean;
}): KeyHandler {
  const { controller, keymap, isUnseen } = parts;
  /** A question is not answered by input that was read together with the key that raised it. */
  let isQuestionNew = false;
  /**
   * Whether the last text that arrived at once was wanted; if so, text that follows shortly is not the rest of a refused
   * paste.
   */
  let wasTextWanted = false;

  function press(key: KeyName): void {
    if (key === 'ctrl-c') return controller.quit('SIGINT');
    const before = controller.view.prompt;
    if (isQuestionNew && before !== null) return;
    pressKey(parts, key);
    if (isNewQuestion(controller.view.prompt, before)) isQuestionNew = true;
  }

  function type(text: string, continues: boolean): void {
    const isKeys = continues && wasTextWanted && [...text].filter(isPrintable).length <= 1;
    wasTextWanted = isField(controller.view.prompt) || isKeys;
    if (isField(controller.view.prompt)) return typeIntoField(text);
    if (isKeys) pressEach(text);
    else if (isHeldKey(text) && keymap.find(text.charAt(0))?.action.canBeHeld) {
      pressEach(text);
    } else if ([...text].some(isPrintable)) refusePaste();
  }

  function pressEach(text: string): void {
    for (const character of text) press(keyOfCharacter(character));
  }

  /**
   * Types into the field. Line ends and editing keys in the text take effect; whatever follows the one that closes the field
   * is dropped.
   */
  function typeIntoField(text: string): void {
    for (const character of text) {
      if (!isField(controller.view.prompt)) return;
      press(keyOfCharacter(character));
    }
  }

  function paste(text: string): void {
    if (isField(controller.view.prompt)) addToField(controller, plainName(text));
    else refusePaste();
  }

  function refusePaste(): void {
    controller.notice(words`paste ignored: press ${controller.keyOf('filter')} to filter first`);
  }

  return {
    take(event) {
      if (event.type === 'key' && isUnseen()) return leaveUnseen(parts, event.key);
      if (isUnseen()) return;
      if (event.type === 'key') press(event.key);
      else if (event.type === 'typed') type(event.text, event.continues);
      else if (event.type === 'paste') paste(event.text);
    },
    drawn() {
      isQuestionNew = false;
    },
  };
}

/** What is needed to pass a key on. */
interface KeyContext {
  readonly controller: ViewController;
  readonly keymap: Keymap;
  readonly clock: Clock;
}

/** Tells whether a different question is open than before. Moving between the choices of one does not count. */
function isNewQuestion(prompt: Prompt | null, before: Prompt | null): boolean {
  if (prompt === null || prompt === before || isField(prompt)) return false;
  return !(prompt.kind === 'status' && before?.kind === 'status');
}

/** Handles a key while nothing is shown: it can only quit. */
function leaveUnseen({ controller, keymap }: KeyContext, key: KeyName): void {
  if (key === 'ctrl-c') controller.quit('SIGINT');
  if (keymap.find(key)?.binding === 'quit') controller.quit('quit');
}

function pressKey({ controller, keymap, clock }: KeyContext, key: KeyName): void {
  controller.change({ type: 'key-pressed', at: clock.now() });
  const { prompt } = controller.view;
  if (prompt) return answerPrompt(controller, prompt, key);
  const { action, binding = '' } = keymap.find(key) ?? {};
  if (action && !action.isForPanes && controller.view.pane === 'help')
    controller.change({ type: 'pane-opened', pane: 'list' });
  if (action?.isAboutTask) controller.pin();
  const refusal = action?.refusal?.(controller) ?? null;
  if (refusal === null) action?.run(controller, binding);
  else controller.notice(refusal);
}
