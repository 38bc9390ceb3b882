/*
 * Put before every file of libhdf5. Its checks of metadata checksums go through native.c, where they can be told to pass;
 * it doesn't sleep, as in wasm; and no file of an input before is taken for this one's.
 */
#ifndef MT_FUZZ_FORCE_H
#define MT_FUZZ_FORCE_H

#ifndef MT_FUZZ_CHECKSUMS_HERE /* H5Fio.c itself */
#define H5F_get_checksums mt_fuzz_get_checksums
#endif
#ifndef MT_FUZZ_SEARCH_HERE /* H5Fsfile.c itself */
#define H5F__sfile_search mt_fuzz_sfile_search
#endif
#define nanosleep mt_fuzz_nanosleep

#endif
