#pragma once

namespace scrim {

/// The program: reads the command line, runs the command, prints its error. Returns the exit
/// status: 0, 2 for a wrong configuration, 1 for everything else that went wrong.
int run_app(int argc, char** argv);

}  // namespace scrim
