// By their directory, so that nobody needs pkg-config to find them.
#include <cairo/cairo.h>
#include <cairo/cairo-svg.h>
