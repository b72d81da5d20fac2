import type { Shell } from './shells.ts';

/*
 * Each asks `taskglass complete` how the word at the cursor can be completed. No answer is ever evaluated: bash gets words
 * that are already quoted; zsh and fish quote what they insert.
 */

/** Works without bash-completion, and with the bash 3.2 of macOS, which has neither `mapfile` nor `compopt`. */
const BASH = String.raw`# taskglass completion for bash
_taskglass() {
  local reply at
  COMPREPLY=()
  while IFS= read -r reply; do
    case $reply in
    $'\tcommand '*) at=${'$'}{reply##* } ;;
    *) COMPREPLY+=("$reply") ;;
    esac
  done < <(command taskglass complete bash "${'$'}{COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
  [[ -n $at ]] && _taskglass_command "$at" "$2"
}

# Completes the command that is to be run, which begins at this word of the line.
_taskglass_command() {
  local rest=$COMP_LINE i=0 word=0 offset=_command_offset
  # Words as bash counts them are broken at colons and equal signs, too.
  while ((word < $1 && i < COMP_CWORD)); do
    rest=${'$'}{rest#"${'$'}{COMP_WORDS[i]}"}
    ((i += 1))
    [[ $rest == [[:space:]]* ]] && ((word += 1))
    rest=${'$'}{rest#"${'$'}{rest%%[![:space:]]*}"}
  done
  declare -F _comp_command_offset >/dev/null && offset=_comp_command_offset
  if declare -F "$offset" >/dev/null; then
    "$offset" "$i"
  else
    type compopt &>/dev/null && compopt +o nospace -o filenames -o default
    local kind=-f
    ((i == COMP_CWORD)) && kind=-c
    while IFS= read -r reply; do COMPREPLY+=("$reply"); done < <(compgen "$kind" -- "$2")
  fi
}

complete -o nospace -F _taskglass taskglass
`;

const ZSH = String.raw`#compdef taskglass
# taskglass completion for zsh
_taskglass() {
  local besides line value about suffix
  local -a answer fields values shown open_values open_shown
  answer=("${'$'}{(@f)$(command taskglass complete zsh "${'$'}{(@Q)words[2,CURRENT-1]}" "${'$'}{(Q)PREFIX}" 2>/dev/null)}")
  besides=${'$'}{answer[1]}
  for line in "${'$'}{(@)answer[2,-1]}"; do
    fields=("${'$'}{(@ps:\t:)line}")
    value=$fields[1] about=$fields[2] suffix=$fields[3]
    [[ -n $value ]] || continue
    [[ -n $about ]] && about="$value  -- $about" || about=$value
    if [[ -n $suffix ]]; then
      values+=("$value") shown+=("$about")
    else
      open_values+=("$value") open_shown+=("$about")
    fi
  done
  local found=1
  if (($#values)); then compadd -V taskglass -l -d shown -a -- values && found=0; fi
  if (($#open_values)); then compadd -V taskglass -l -S '' -d open_shown -a -- open_values && found=0; fi
  case $besides in
  files) _files && found=0 ;;
  directories) _files -/ && found=0 ;;
  sources) _files -g '*.(json|ndjson|jsonl|db|sqlite|sqlite3|md|markdown)' && found=0 ;;
  command\ *)
    shift ${'$'}{besides#command } words
    ((CURRENT -= ${'$'}{besides#command }))
    _normal && found=0
    ;;
  esac
  return found
}

if [[ $funcstack[1] == _taskglass ]]; then
  _taskglass "$@"
else
  compdef _taskglass taskglass
fi
`;

const FISH = String.raw`# taskglass completion for fish
function __taskglass_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer (command taskglass complete fish $words[2..-1] "$current" 2>/dev/null)
    string match -q -- '*' $answer[1]
    or return
    printf '%s\n' $answer[2..-1]
    switch $answer[1]
        case files sources
            complete -C "'' $current"
        case directories
            complete -C "'' $current" | string match -r '.*/$'
        case 'command *'
            set -l at (math (string replace 'command ' '' -- $answer[1]) + 1)
            set -l command
            test (count $words) -ge $at
            and set command (string escape -- $words[$at..-1])
            complete -C (string join ' ' -- $command "$current")
    end
end

complete -c taskglass -e
complete -c taskglass -f -k -a '(__taskglass_complete)'
`;

/** The script that each shell has to read to complete taskglass. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
