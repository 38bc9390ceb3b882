/*
 * Put before H5Defl.c (external raw files) alone: its POSIX calls go to the glue in efl.c, which serves them from the
 * host's slots. H5private.h defines these names only where nobody has.
 */
#ifndef MT_EFL_REDIRECT_H
#define MT_EFL_REDIRECT_H

#include <stddef.h>
#include <sys/types.h>

int     mt_efl_open(const char *name, int flags, ...);
off_t   mt_efl_lseek(int fd, off_t offset, int whence);
ssize_t mt_efl_read(int fd, void *buf, size_t size);
ssize_t mt_efl_write(int fd, const void *buf, size_t size);
int     mt_efl_close(int fd);

#define HDopen(F, ...)    mt_efl_open(F, __VA_ARGS__)
#define HDlseek(F, O, W)  mt_efl_lseek(F, O, W)
#define HDread(F, M, Z)   mt_efl_read(F, M, Z)
#define HDwrite(F, M, Z)  mt_efl_write(F, M, Z)
#define HDclose(F)        mt_efl_close(F)

#endif
