// The system's allocator interface, which Swift's Glibc module lacks.
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
