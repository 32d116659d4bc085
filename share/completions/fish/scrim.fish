# Completion of scrim's command line for fish.

set -l commands run process render check devices filters models

complete -c scrim -n "not __fish_seen_subcommand_from $commands" -f
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a run -d 'Camera in, layers on it, virtual camera out'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a process -d 'Put a video file through the layers'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a render -d 'Put one picture through the layers'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a check -d 'Say everything that is wrong in a configuration'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a devices -d 'List the cameras and the virtual cameras'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a filters -d 'List the filters, or explain one of them'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a models -d 'List the networks that can be named'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -l version -d 'Print the version'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -s v -l verbose -d 'Say more of what happens'
complete -c scrim -s h -l help -d 'Explain the program or the command'

complete -c scrim -n "__fish_seen_subcommand_from $commands" -s c -l config -r -d 'Configuration file'
complete -c scrim -n '__fish_seen_subcommand_from run' -s s -l source -r -a 'pattern /dev/video*' -d 'Where pictures come from'
complete -c scrim -n '__fish_seen_subcommand_from run' -s o -l output -r -a 'null /dev/video*' -d 'Where they go'
complete -c scrim -n '__fish_seen_subcommand_from run' -l frames -x -d 'End after that many frames'
complete -c scrim -n '__fish_seen_subcommand_from process' -l no-sound -d 'Leave the sound out'
complete -c scrim -n '__fish_seen_subcommand_from render' -l mask -r -d 'Grey picture, 255 = person'
complete -c scrim -n '__fish_seen_subcommand_from render' -l frames -x -d 'Feed the picture that many times'
complete -c scrim -n '__fish_seen_subcommand_from filters' -f -a "(scrim filters 2>/dev/null | sed '/^\$/,\$d; s/ .*//')"
complete -c scrim -n '__fish_seen_subcommand_from devices models' -f
