# Completion of upstream-reset in bash: source it, or put it into the folder of bash-completion.
_upstream_reset() {
  local line words=() directive=4 candidate
  # By blanks alone: bash's own words also end at = and :.
  line=${COMP_LINE:0:COMP_POINT}
  read -ra words <<<"$line"
  [[ $line != *[[:blank:]] ]] || words+=('')
  [[ ${words[0]} != '~/'* ]] || words[0]=$HOME/${words[0]:2}
  COMPREPLY=()
  while IFS= read -r candidate; do
    case $candidate in
      :*) directive=${candidate#:} ;;
      *) COMPREPLY+=("${candidate%%$'\t'*}") ;;
    esac
  done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
  if ((directive & 2)); then
    compopt -o nospace 2>/dev/null
  fi
  if ((directive & 4)); then
    compopt +o default 2>/dev/null
  fi
}
complete -o default -F _upstream_reset upstream-reset
