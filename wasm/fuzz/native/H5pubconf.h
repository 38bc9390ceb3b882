/* The configuration of wasm, but for the one size that i386 has otherwise: long double is x87's. */
#ifndef MT_FUZZ_H5PUBCONF_H
#define MT_FUZZ_H5PUBCONF_H

#include "../../hdf5/config/H5pubconf.h"

#undef H5_SIZEOF_LONG_DOUBLE
#define H5_SIZEOF_LONG_DOUBLE 12

#endif
