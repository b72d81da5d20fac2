import { ItemText } from '../../io/json-list/item-text.ts';
import { keepNewest } from '../../model/keep-newest.ts';
import type { Step } from '../../model/task.ts';

/** Steps are requested again and again: those of the tasks on the screen, and some more. */
const MOST_REMEMBERED = 256;
const remembered = new Map<TaskText, readonly Step[]>();

/** The text of a task in a document; its steps are read when somebody asks for them. */
export class TaskText extends ItemText {
  readonly #stepsOf: (raw: unknown) => readonly Step[];

  constructor(bytes: Buffer, start: number, end: number, stepsOf: (raw: unknown) => readonly Step[]) {
    super(bytes, start, end);
    this.#stepsOf = stepsOf;
  }

  get steps(): readonly Step[] {
    const known = remembered.get(this);
    if (known) return known;
    const steps = this.#stepsOf(this.value);
    remembered.set(this, steps);
    keepNewest(remembered, MOST_REMEMBERED);
    return steps;
  }
}
