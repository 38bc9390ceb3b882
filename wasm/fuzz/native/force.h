/*
 * Put before every file of libhdf5. Its checks of metadata checksums go through native.c, where they can be told to pass;
 * it doesn't sleep, as in wasm; no file of an input before is taken for this one's; and what is freed goes back to the
 * allocator. Lists of freed blocks, handed out again at sizes of their own, would hide from AddressSanitizer what runs past
 * a block or uses one that is gone, and would make what is found hang on the inputs before.
 */
#ifndef MT_FUZZ_FORCE_H
#define MT_FUZZ_FORCE_H

#define H5_NO_FREE_LISTS

#ifndef MT_FUZZ_CHECKSUMS_HERE /* H5Fio.c itself */
#define H5F_get_checksums mt_fuzz_get_checksums
#endif
#ifndef MT_FUZZ_SEARCH_HERE /* H5Fsfile.c itself */
#define H5F__sfile_search mt_fuzz_sfile_search
#endif
#define nanosleep mt_fuzz_nanosleep

#endif
