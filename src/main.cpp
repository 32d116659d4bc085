#include "app/app.h"

int main(int argc, char** argv) {
    return scrim::run_app(argc, argv);
}
