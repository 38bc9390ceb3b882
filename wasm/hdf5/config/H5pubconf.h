/*
 * libhdf5's configuration for wasm32 as Emscripten gives it, by hand: the library's own configure step runs test
 * programs, which fail under a cross compiler with a frozen cache.
 *
 * Off on purpose: threads, plugins (dlopen), every driver that needs a network or an operating system, and debugging.
 * libdeflate stands in for zlib (codecs/deflate.c), so H5_HAVE_FILTER_DEFLATE is on while zlib's header is not there.
 */
#ifndef H5_CONFIG_H_
#define H5_CONFIG_H_

#define H5_PACKAGE           "hdf5"
#define H5_PACKAGE_NAME      "HDF5"
#define H5_PACKAGE_TARNAME   "hdf5"
#define H5_PACKAGE_VERSION   "2.2.0"
#define H5_PACKAGE_STRING    "HDF5 2.2.0"
#define H5_PACKAGE_BUGREPORT ""
#define H5_PACKAGE_URL       ""
#define H5_VERSION           "2.2.0"

#define H5_USE_200_API_DEFAULT     1
#define H5_DEFAULT_PLUGINDIR       ""
#define H5_EXAMPLESDIR             ""
#define H5_LT_OBJDIR               ""
#define H5_TEST_EXPRESS_LEVEL_DEFAULT "3"

/* The C library: musl. */
#define H5_STDC_HEADERS          1
#define H5_HAVE_STDINT_H         1
#define H5_HAVE_STDIO_H          1
#define H5_HAVE_STDLIB_H         1
#define H5_HAVE_STRINGS_H        1
#define H5_HAVE_STRING_H         1
#define H5_HAVE_INTTYPES_H       1
#define H5_HAVE_UNISTD_H         1
#define H5_HAVE_FEATURES_H       1
#define H5_HAVE_DIRENT_H         1
#define H5_HAVE_SYS_STAT_H       1
#define H5_HAVE_SYS_TIME_H       1
#define H5_HAVE_SYS_TYPES_H      1
#define H5_HAVE_CLOCK_GETTIME    1
#define H5_HAVE_GETTIMEOFDAY     1
#define H5_HAVE_ASPRINTF         1
#define H5_HAVE_VASPRINTF        1
#define H5_HAVE_STRDUP           1
#define H5_HAVE_STRCASESTR       1
#define H5_HAVE_RANDOM           1
#define H5_HAVE_RAND_R           1
#define H5_HAVE_TIMEZONE         1
#define H5_HAVE_TM_GMTOFF        1
#define H5_HAVE_STAT_ST_BLOCKS   1
#define H5_HAVE_LIBM             1
#define H5_HAVE_ATTRIBUTE        1
#define H5_HAVE_BUILTIN_EXPECT   1
#define H5_DEV_T_IS_SCALAR       1

/* No complex numbers of C99: the conversions between native ones are a tenth of the library; the generic ones do. */

/* Filters of the library itself; the others stand in codecs/. */
#define H5_HAVE_FILTER_DEFLATE 1
#define H5_HAVE_FILTER_SZIP    1
#define H5_HAVE_SZLIB_H        1

/* Behaviour. */
#define H5_WANT_DATA_ACCURACY         1
#define H5_WANT_DCONV_EXCEPTION       1
#define H5_DIMENSION_SCALES_WITH_NEW_REF 0
#define H5_IGNORE_DISABLED_FILE_LOCKS 1
#define H5_USE_FILE_LOCKING           0
#define H5_LDOUBLE_TO_LLONG_ACCURATE  1
#define H5_LLONG_TO_LDOUBLE_CORRECT   1

/* wasm32, ILP32; long double is IEEE binary128 in software. */
#define H5_SIZEOF_CHAR           1
#define H5_SIZEOF_SHORT          2
#define H5_SIZEOF_INT            4
#define H5_SIZEOF_UNSIGNED       4
#define H5_SIZEOF_LONG           4
#define H5_SIZEOF_LONG_LONG      8
#define H5_SIZEOF_FLOAT          4
#define H5_SIZEOF_DOUBLE         8
#define H5_SIZEOF_LONG_DOUBLE    16
#define H5_SIZEOF__FLOAT16       0
#define H5_SIZEOF_BOOL           1
#define H5_SIZEOF_SIZE_T         4
#define H5_SIZEOF_SSIZE_T        4
#define H5_SIZEOF_PTRDIFF_T      4
#define H5_SIZEOF_OFF_T          8
#define H5_SIZEOF_TIME_T         4
#define H5_SIZEOF_INT8_T         1
#define H5_SIZEOF_INT16_T        2
#define H5_SIZEOF_INT32_T        4
#define H5_SIZEOF_INT64_T        8
#define H5_SIZEOF_UINT8_T        1
#define H5_SIZEOF_UINT16_T       2
#define H5_SIZEOF_UINT32_T       4
#define H5_SIZEOF_UINT64_T       8
#define H5_SIZEOF_INT_FAST8_T    1
#define H5_SIZEOF_INT_FAST16_T   4
#define H5_SIZEOF_INT_FAST32_T   4
#define H5_SIZEOF_INT_FAST64_T   8
#define H5_SIZEOF_UINT_FAST8_T   1
#define H5_SIZEOF_UINT_FAST16_T  4
#define H5_SIZEOF_UINT_FAST32_T  4
#define H5_SIZEOF_UINT_FAST64_T  8
#define H5_SIZEOF_INT_LEAST8_T   1
#define H5_SIZEOF_INT_LEAST16_T  2
#define H5_SIZEOF_INT_LEAST32_T  4
#define H5_SIZEOF_INT_LEAST64_T  8
#define H5_SIZEOF_UINT_LEAST8_T  1
#define H5_SIZEOF_UINT_LEAST16_T 2
#define H5_SIZEOF_UINT_LEAST32_T 4
#define H5_SIZEOF_UINT_LEAST64_T 8

#endif
