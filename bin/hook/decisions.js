'use strict';

/* The possible decisions on a request for permission: each has a label, and what Claude Code is told. */

/** Tools that need more than a yes: they can be answered only in Claude Code itself. */
const ASK_FOR_MORE = ['AskUserQuestion', 'ExitPlanMode'];
const MOST_SUGGESTIONS = 4;
const LONGEST_LABEL = 200;

const WHERE = {
  session: 'in this session',
  localSettings: 'in this project',
  projectSettings: 'in this project, for all',
  userSettings: 'everywhere',
};

/** Returns the decisions: the first allows the request once, the last denies it. Empty if it cannot be held. */
exports.decisionsFor = ({ tool_name: tool, permission_suggestions: suggestions }) => {
  if (typeof tool !== 'string' || ASK_FOR_MORE.includes(tool)) return [];
  const listed = Array.isArray(suggestions) ? suggestions.slice(0, MOST_SUGGESTIONS) : [];
  return [
    { label: 'allow', decision: { behavior: 'allow' } },
    ...listed.flatMap((suggestion) => {
      const label = labelOf(suggestion);
      if (label === null) return [];
      return { label, decision: { behavior: 'allow', updatedPermissions: [suggestion] } };
    }),
    { label: 'deny', decision: { behavior: 'deny', message: 'Denied in taskglass.' } },
  ];
};

/** Describes in words what a suggestion does; null for a kind that is not known here. */
function labelOf(suggestion) {
  const where = WHERE[suggestion?.destination];
  if (where === undefined) return null;
  const { type, behavior, rules, mode, directories } = suggestion;
  const what =
    type === 'addRules' && behavior === 'allow'
      ? listOf(rules, ruleText)
      : type === 'addDirectories'
        ? listOf(directories, (name) => (typeof name === 'string' ? `files in ${name}` : null))
        : type === 'setMode' && mode === 'acceptEdits'
          ? 'all edits'
          : null;
  if (what === null || what.length > LONGEST_LABEL) return null;
  return `allow, and always ${where}: ${what}`;
}

function ruleText(rule) {
  if (typeof rule?.toolName !== 'string') return null;
  return typeof rule.ruleContent === 'string' ? `${rule.toolName}(${rule.ruleContent})` : rule.toolName;
}

function listOf(raw, textOf) {
  if (!Array.isArray(raw) || raw.length === 0) return null;
  const texts = raw.map(textOf);
  return texts.includes(null) ? null : texts.join(', ');
}
