import { type PlainText, words } from '../model/text.ts';

/** How severe an annotation is for GitHub. */
export type AnnotationLevel = 'error' | 'warning' | 'notice';

/**
 * Returns a GitHub Actions workflow command that annotates the step, on one line. Whatever the texts contain, the runner
 * reads a single command: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, and
 * `ActionCommand.cs` of actions/runner.
 */
export function annotationLine(level: AnnotationLevel, title: PlainText, message: PlainText): PlainText {
  return words`::${level} title=${escapedProperty(title)}::${escapedData(message)}`;
}

function escapedData(text: PlainText): PlainText {
  return text.replace(/%/gu, '%25').replace(/\n/gu, '%0A');
}

function escapedProperty(text: PlainText): PlainText {
  return escapedData(text).replace(/:/gu, '%3A').replace(/,/gu, '%2C');
}

/**
 * Returns a line in which the runner reads no command, although it contains text from outside and the runner looks for `##[`
 * anywhere.
 */
export function withoutWorkflowCommands(line: PlainText): PlainText {
  return line.replace(/##(?=\[)/gu, '## ').replace(/^(\s*):(?=:)/u, '$1: ');
}
