// Including the headers with their directory makes pkg-config unnecessary.
#include <cairo/cairo.h>
#include <cairo/cairo-svg.h>
