#define _GNU_SOURCE  // setenv
#include "CKernels.h"

#include <dlfcn.h>
#include <stdlib.h>

const ck_blas *ck_load_openblas(void) {
    static ck_blas loaded;
    // While it is being loaded, OpenBLAS starts a thread for every processor of the host unless this variable limits
    // it.
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return NULL;
    const char *(*configuration)(void) = (const char *(*)(void))dlsym(library, "openblas_get_config");
    loaded.sgemm = (ck_sgemm *)dlsym(library, "cblas_sgemm");
    if (!configuration || !loaded.sgemm) return NULL;
    loaded.configuration = configuration();
    return &loaded;
}
