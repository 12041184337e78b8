# Completion of upstream-reset in fish: put it as upstream-reset.fish into ~/.config/fish/completions, or source it.
function __upstream_reset_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l prefix (string match -r -- '^--[^=]+=' $typed)
    set -l directive 4
    set -l offered 0
    for line in ($words[1] __complete $words[2..] $typed 2>/dev/null)
        if string match -q ':*' -- $line
            set directive (string sub -s 2 -- $line)
        else
            set offered 1
            printf '%s\n' "$prefix$line"
        end
    end
    if test $offered = 0 -a (math "$directive % 8") -lt 4
        __fish_complete_path "$typed"
    end
end
complete -c upstream-reset -e
complete -c upstream-reset -f -a '(__upstream_reset_complete)'
