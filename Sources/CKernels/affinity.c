#define _GNU_SOURCE  // sched_getaffinity
#include "CKernels.h"

#include <sched.h>
#include <unistd.h>

int ck_allowed_processors(void) {
    cpu_set_t mask;
    if (sched_getaffinity(0, sizeof mask, &mask) == 0) return CPU_COUNT(&mask);
    // The call fails if the host has more processors than the mask has bits.
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}
