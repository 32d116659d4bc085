#include "util/thread.h"

#include <string>

#include <pthread.h>

namespace scrim {

void name_thread(std::string_view name) {
    pthread_setname_np(pthread_self(), std::string(name.substr(0, 15)).c_str());
}

}  // namespace scrim
