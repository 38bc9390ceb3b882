/*
 * The operating system that libc asks for: none. With these the module imports nothing but the host's functions of
 * microtome.h, and what it does depends on its input alone: no clock, no environment, no files, nothing printed.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include <wasi/api.h>

/* ---- WASI: imports by default, here defined ---- */

__wasi_errno_t __wasi_clock_time_get(__wasi_clockid_t id, __wasi_timestamp_t precision, __wasi_timestamp_t *time)
{
    (void)id;
    (void)precision;
    *time = 0;
    return 0;
}

__wasi_errno_t __wasi_environ_sizes_get(size_t *count, size_t *size)
{
    *count = 0;
    *size  = 0;
    return 0;
}

__wasi_errno_t __wasi_environ_get(uint8_t **environ, uint8_t *bytes)
{
    (void)environ;
    (void)bytes;
    return 0;
}

/* Takes everything, so that a print never fails or repeats. */
__wasi_errno_t __wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t *spans, size_t count, __wasi_size_t *written)
{
    (void)fd;
    *written = 0;
    for (size_t i = 0; i < count; i++)
        *written += spans[i].buf_len;
    return 0;
}

__wasi_errno_t __wasi_fd_read(__wasi_fd_t fd, const __wasi_iovec_t *spans, size_t count, __wasi_size_t *read)
{
    (void)fd;
    (void)spans;
    (void)count;
    *read = 0;
    return __WASI_ERRNO_BADF;
}

__wasi_errno_t __wasi_fd_close(__wasi_fd_t fd)
{
    (void)fd;
    return __WASI_ERRNO_BADF;
}

__wasi_errno_t __wasi_fd_seek(__wasi_fd_t fd, __wasi_filedelta_t offset, __wasi_whence_t whence,
                              __wasi_filesize_t *position)
{
    (void)fd;
    (void)offset;
    (void)whence;
    *position = 0;
    return __WASI_ERRNO_BADF;
}

/* abort() and exit() end here: a trap, which the host turns into an error of this instance's file. */
_Noreturn void __wasi_proc_exit(__wasi_exitcode_t code)
{
    (void)code;
    __builtin_trap();
}

/* ---- Emscripten ---- */

/* Without a clock a sleep would spin for ever, and there is nothing to wait for: libhdf5 sleeps before it reads metadata
 * of a wrong checksum again. */
struct timespec;
int nanosleep(const struct timespec *request, struct timespec *remain);
int nanosleep(const struct timespec *request, struct timespec *remain)
{
    (void)request;
    (void)remain;
    return 0;
}

/* The host looks at memory.buffer after every call instead. */
void emscripten_notify_memory_growth(size_t index);
void emscripten_notify_memory_growth(size_t index)
{
    (void)index;
}

/* ---- System calls: a negative errno ---- */

#define ABSENT(name, ...)                                                                                            \
    int name(__VA_ARGS__);                                                                                           \
    int name(__VA_ARGS__)                                                                                            \
    {                                                                                                                \
        return -ENOSYS;                                                                                              \
    }

#pragma clang diagnostic ignored "-Wunused-parameter"
ABSENT(__syscall_faccessat, int a, int b, int c, int d)
ABSENT(__syscall_dup3, int a, int b, int c)
ABSENT(__syscall_fstat64, int a, int b)
ABSENT(__syscall_stat64, int a, int b)
ABSENT(__syscall_lstat64, int a, int b)
ABSENT(__syscall_fstatat64, int a, int b, int c, int d)
ABSENT(__syscall_ftruncate64, int a, int b, int c)
ABSENT(__syscall_getcwd, int a, int b)
ABSENT(__syscall_unlink, int a)
ABSENT(__syscall_unlinkat, int a, int b, int c)
ABSENT(__syscall_rmdir, int a)
