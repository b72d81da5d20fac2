'use strict';

/*
 * Extracts from a hook's payload what is recorded. Versions differ: any field may be missing or have any type. A tool's input
 * (files, whole scripts) and what the user typed may be secret: only a short text of what is asked is taken from them.
 */

const os = require('node:os');
const path = require('node:path');

const LONGEST_TEXT = 500;
const MOST_LISTED = 50;
/** The names of the inputs that best describe what a tool is about to do, the best first. */
const TELLING = [
  'command',
  'file_path',
  'notebook_path',
  'path',
  'url',
  'query',
  'pattern',
  'skill',
  'description',
];

/** Returns the line to be recorded and the possible decisions; null if `payload` is not one of a hook. */
exports.readSignal = (payload, env) => {
  const told = objectIn(payload);
  const session = told?.session_id;
  if (typeof session !== 'string' || !/^[\w-]{1,128}$/.test(session)) return null;
  const event = textIn(told.hook_event_name);
  if (!event) return null;
  const decisions = event === 'PermissionRequest' ? require('./decisions.js').decisionsFor(told) : [];
  const line = {
    at: Date.now(),
    event,
    session,
    home: env.CLAUDE_CONFIG_DIR ? path.resolve(env.CLAUDE_CONFIG_DIR) : path.join(os.homedir(), '.claude'),
    cwd: textIn(told.cwd),
    agent: textIn(told.agent_id),
    kind: textIn(told.notification_type ?? told.source ?? told.reason ?? told.error),
    message: textIn(told.message ?? told.error_details),
    title: textIn(told.session_title),
    tool: textIn(told.tool_name),
    about: aboutTool(told),
    choices: decisions.length > 0 ? decisions.map(({ label }) => label) : choicesOfQuestion(told),
    task: taskIn(told),
    running: runningIn(told.background_tasks),
    said: textIn(told.last_assistant_message),
  };
  return { line, decisions };
};

function aboutTool({ tool_name: tool, tool_input: raw }) {
  const input = objectIn(raw);
  if (!input) return undefined;
  if (tool === 'AskUserQuestion') return textIn(objectIn(input.questions?.[0])?.question);
  const name = TELLING.find((each) => textIn(input[each]));
  return name === undefined ? undefined : textIn(input[name]);
}

/** Returns the choices of a question, for display only: it is answered in its own terminal. */
function choicesOfQuestion({ tool_name: tool, tool_input: raw }) {
  if (tool !== 'AskUserQuestion') return undefined;
  const options = objectIn(objectIn(raw)?.questions?.[0])?.options;
  if (!Array.isArray(options)) return undefined;
  return options.slice(0, MOST_LISTED).flatMap((option) => textIn(objectIn(option)?.label) ?? []);
}

function taskIn(told) {
  const id = textIn(told.task_id);
  if (id === undefined) return undefined;
  return { id, subject: textIn(told.task_subject), owner: textIn(told.teammate_name) };
}

function runningIn(raw) {
  if (!Array.isArray(raw)) return undefined;
  return raw.slice(0, MOST_LISTED).flatMap((each) => {
    const id = textIn(objectIn(each)?.id);
    if (id === undefined) return [];
    return { id, type: textIn(each.type), status: textIn(each.status), about: textIn(each.description) };
  });
}

function objectIn(raw) {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? raw : null;
}

function textIn(raw) {
  return typeof raw === 'string' && raw !== '' ? raw.slice(0, LONGEST_TEXT) : undefined;
}
