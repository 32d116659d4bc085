# Completion of scrim's command line for fish.

set -l commands run top process render check bench devices doctor filters latency models config profile
set -l config_commands init path show
set -l profile_commands save use list
set -l models_commands list pull verify run inspect
set -l networks "(scrim models list 2>/dev/null | sed -n 's/^[* ] \\([a-z0-9_-]*\\)  *\\([0-9.]* [kM]B\\|?\\)  .*/\\1/p')"

complete -c scrim -n "not __fish_seen_subcommand_from $commands" -f
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a run -d 'Camera in, layers on it, virtual camera out'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a top -d 'Show live what a running scrim does'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a process -d 'Put a video file through the layers'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a render -d 'Put one picture through the layers'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a check -d 'Say everything that is wrong in a configuration'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a bench -d 'Measure what a frame costs on this machine'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a devices -d 'List the cameras and the virtual cameras'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a doctor -d 'Check cameras, networks and permissions'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a filters -d 'List the filters, or explain one of them'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a models -d 'List, fetch and check networks'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a latency -d 'Measure the delay from the screen through a camera'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a config -d 'Write a configuration to begin with'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -a profile -d 'Store configurations, and switch between them'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -l version -d 'Print the version'
complete -c scrim -n "not __fish_seen_subcommand_from $commands" -s v -l verbose -d 'Say more of what happens'
complete -c scrim -s h -l help -d 'Explain the program or the command'

complete -c scrim -n '__fish_seen_subcommand_from run process render check bench devices doctor filters models' -s c -l config -r -d 'Configuration file'
complete -c scrim -n '__fish_seen_subcommand_from run; and not __fish_seen_subcommand_from models' -s s -l source -r -a 'pattern /dev/video*' -d 'Where pictures come from'
complete -c scrim -n '__fish_seen_subcommand_from run; and not __fish_seen_subcommand_from models' -s o -l output -r -a 'null /dev/video*' -d 'Where they go'
complete -c scrim -n '__fish_seen_subcommand_from run; and not __fish_seen_subcommand_from models' -l frames -x -d 'End after that many frames'
complete -c scrim -n '__fish_seen_subcommand_from run; and not __fish_seen_subcommand_from models' -l stats -d 'Say once a second what is going on'
complete -c scrim -n '__fish_seen_subcommand_from run; and not __fish_seen_subcommand_from models' -l stats-json -r -d 'Append the same to a file'
complete -c scrim -n '__fish_seen_subcommand_from top' -f -l times -x -d 'End after so many seconds'
complete -c scrim -n '__fish_seen_subcommand_from process' -l no-sound -d 'Leave the sound out'
complete -c scrim -n '__fish_seen_subcommand_from render' -l mask -r -d 'Grey picture, 255 = person'
complete -c scrim -n '__fish_seen_subcommand_from render' -l frames -x -d 'Feed the picture that many times'
complete -c scrim -n '__fish_seen_subcommand_from bench' -l size -x -d 'Size of the pictures, WxH'
complete -c scrim -n '__fish_seen_subcommand_from bench' -l format -x -a 'yu12 yuyv nv12 mjpeg' -d 'How the camera gives them'
complete -c scrim -n '__fish_seen_subcommand_from bench' -l input -r -d 'Picture or video to take them from'
complete -c scrim -n '__fish_seen_subcommand_from bench' -l frames -x -d 'How many to measure'
complete -c scrim -n '__fish_seen_subcommand_from bench' -l threads -x -d 'How many threads'
complete -c scrim -n '__fish_seen_subcommand_from bench' -l json -d 'Print the result for programs'
complete -c scrim -n '__fish_seen_subcommand_from filters' -f -a "(scrim filters 2>/dev/null | sed '/^\$/,\$d; s/ .*//')"
complete -c scrim -n '__fish_seen_subcommand_from devices doctor latency models' -f
complete -c scrim -n '__fish_seen_subcommand_from latency' -s s -l source -r -a '/dev/video*' -d 'The camera that looks at the code'
complete -c scrim -n '__fish_seen_subcommand_from latency' -l through -r -a '/dev/video*' -d 'Virtual camera that shows the code'
complete -c scrim -n '__fish_seen_subcommand_from latency' -l seconds -x -d 'How long to measure'
complete -c scrim -n '__fish_seen_subcommand_from devices' -s m -l measure -a '/dev/video*' -d 'Try each mode of a camera'
complete -c scrim -n '__fish_seen_subcommand_from devices' -l seconds -x -d 'How long to try each mode'
complete -c scrim -n '__fish_seen_subcommand_from devices' -l only -x -d 'Try only modes like that'
complete -c scrim -n '__fish_seen_subcommand_from filters' -l markdown -d 'Print the page on all filters'

complete -c scrim -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from $config_commands" -f
complete -c scrim -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from $config_commands" -a init -d 'Write the default configuration'
complete -c scrim -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from $config_commands" -a path -d 'Print where your configuration is'
complete -c scrim -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from $config_commands" -a show -d 'Print your configuration, or the default'
complete -c scrim -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from init' -l force -d 'Replace a file that is there'

complete -c scrim -n '__fish_seen_subcommand_from profile' -f
complete -c scrim -n "__fish_seen_subcommand_from profile; and not __fish_seen_subcommand_from $profile_commands" -a save -d 'Store your configuration under a name'
complete -c scrim -n "__fish_seen_subcommand_from profile; and not __fish_seen_subcommand_from $profile_commands" -a use -d 'Make a stored configuration yours'
complete -c scrim -n "__fish_seen_subcommand_from profile; and not __fish_seen_subcommand_from $profile_commands" -a list -d 'List the profiles'
complete -c scrim -n '__fish_seen_subcommand_from profile; and __fish_seen_subcommand_from save use' -a '(scrim profile list 2>/dev/null | cut -c3-)'
complete -c scrim -n '__fish_seen_subcommand_from profile; and __fish_seen_subcommand_from save' -l force -d 'Replace a profile of that name'

complete -c scrim -n "__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from $models_commands" -a list -d 'List the networks'
complete -c scrim -n "__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from $models_commands" -a pull -d 'Fetch networks, checked'
complete -c scrim -n "__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from $models_commands" -a verify -d 'Check the installed networks'
complete -c scrim -n "__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from $models_commands" -a run -d 'Run a network on a picture'
complete -c scrim -n "__fish_seen_subcommand_from models; and not __fish_seen_subcommand_from $models_commands" -a inspect -d 'Show what is in a network file'
complete -c scrim -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from pull run' -a $networks
complete -c scrim -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from run inspect' -F
complete -c scrim -n '__fish_seen_subcommand_from models; and __fish_seen_subcommand_from run' -l dump -r -d 'Folder for the raw outputs'
