#compdef upstream-reset
# Completion of upstream-reset in zsh: put it as _upstream-reset into a folder of $fpath, or source it after compinit.
_upstream-reset() {
  local -a candidates options
  local line directive=4 prefix=''
  while IFS= read -r line; do
    case $line in
      :*) directive=${line#:} ;;
      *$'\t'*) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
      *) candidates+=("${line//:/\\:}") ;;
    esac
  done < <("${words[1]}" __complete "${(@)words[2,CURRENT-1]}" "${words[CURRENT]}" 2>/dev/null)
  if [[ ${words[CURRENT]} == --*=* ]]; then
    compset -P '*='
  fi
  (( directive & 2 )) && options+=(-S '')
  (( $#candidates )) && _describe upstream-reset candidates $options && return
  (( directive & 4 )) || _files
}
if [[ $funcstack[1] == _upstream-reset ]]; then
  _upstream-reset "$@"
else
  compdef _upstream-reset upstream-reset
fi
