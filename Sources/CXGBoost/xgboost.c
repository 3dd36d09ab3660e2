#include "CXGBoost.h"

#include <dlfcn.h>
#include <stddef.h>

static void *open_library(void) {
    // Debian's package has a versioned name; those of other distributors do not.
    const char *names[] = {"libxgboost.so.0", "libxgboost.so"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library) return library;
    }
    return NULL;
}

const cx_library *cx_load(void) {
    static cx_library loaded;
    void *library = open_library();
    if (!library) return NULL;
    const struct {
        const char *name;
        void *slot;
    } functions[] = {
        {"XGBoostVersion", &loaded.version},
        {"XGBGetLastError", &loaded.last_error},
        {"XGBSetGlobalConfig", &loaded.configure},
        {"XGDMatrixCreateFromCSR", &loaded.matrix_of_rows},
        {"XGDMatrixSetInfoFromInterface", &loaded.matrix_set},
        {"XGDMatrixFree", &loaded.matrix_free},
        {"XGBoosterCreate", &loaded.booster_create},
        {"XGBoosterFree", &loaded.booster_free},
        {"XGBoosterSetParam", &loaded.booster_set},
        {"XGBoosterUpdateOneIter", &loaded.booster_update},
        {"XGBoosterEvalOneIter", &loaded.booster_evaluate},
        {"XGBoosterSlice", &loaded.booster_slice},
        {"XGBoosterGetNumFeature", &loaded.booster_columns},
        {"XGBoosterPredictFromDMatrix", &loaded.booster_predict},
        {"XGBoosterSaveModelToBuffer", &loaded.booster_save},
        {"XGBoosterLoadModelFromBuffer", &loaded.booster_load},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function) return NULL;
        __builtin_memcpy(functions[i].slot, &function, sizeof function);
    }
    return &loaded;
}
