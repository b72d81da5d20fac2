import { type PlainText, words } from '../model/text.ts';

/** How GitHub shows an annotation. */
export type AnnotationLevel = 'error' | 'warning' | 'notice';

/**
 * Returns a workflow command of GitHub Actions that annotates the step, one line. Whatever the texts hold, the runner reads
 * one command of it: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, and `ActionCommand.cs`
 * of actions/runner.
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

/** Returns a line that names what others have named, so that the runner, which looks for `##[` anywhere, reads no command. */
export function withoutWorkflowCommands(line: PlainText): PlainText {
  return line.replace(/##(?=\[)/gu, '## ').replace(/^(\s*):(?=:)/u, '$1: ');
}
