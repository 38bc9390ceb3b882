/*
 * The net: what bounds the work and the memory of one call, whatever a damaged file makes of libhdf5's loops.
 *
 * The countdown itself is put into the linked module, at the head of each loop of libhdf5's functions
 * (config/net.awk); it traps below zero. Here it is wound up: for each call anew, and with what the call asks for.
 */
#include "internal.h"

/* Steps for each element that a call reads or writes. The costliest honest ones, texts of varying length, take 31. */
#define PER_ELEMENT 512.0

/* The module's counter, which C can't name: config/net.awk defines these two. */
__attribute__((import_module("net"), import_name("set"))) void mt_net_set(double steps);
__attribute__((import_module("net"), import_name("left"))) double mt_net_left(void);

static double limit  = 67108864.0; /* 2^26: a second or two */
static double budget = 67108864.0; /* of the call under way, or the last one */
static double share  = 0;           /* the most that a call has used of its budget, from 0 to 1 */
static double most   = 0;           /* and the most steps */

static void note_use(void)
{
    double used = budget - mt_net_left();
    if (used > most)
        most = used;
    if (used / budget > share)
        share = used / budget;
}

void mt_net_begin(void)
{
    note_use();
    budget = limit;
    mt_net_set(budget);
}

void mt_net_expect(uint64_t elements, size_t size)
{
    /* A wide element is as many as it has words: a record of a thousand members, an array. */
    double more = PER_ELEMENT * (double)elements * (size > 8 ? (double)size / 8 : 1);
    budget += more;
    mt_net_set(mt_net_left() + more);
}

void mt_work_limit(double steps)
{
    if (steps >= 1 && steps <= 9007199254740992.0)
        limit = steps;
}

double mt_work_share(void)
{
    note_use();
    double told = share;
    share       = 0;
    return told;
}

double mt_work_most(void)
{
    note_use();
    double told = most;
    most        = 0;
    return told;
}

/* ---- Memory ---- */

static bool full = false;

bool mt_memory_was_full(void)
{
    return full;
}

int mt_memory_full(void)
{
    return full;
}

void mt_memory_reset(void)
{
    full = false;
}

/* Stands around Emscripten's (-Wl,--wrap): what malloc asks when it needs more. */
int __real_emscripten_resize_heap(size_t size);
int __wrap_emscripten_resize_heap(size_t size);
int __wrap_emscripten_resize_heap(size_t size)
{
    int grown = __real_emscripten_resize_heap(size);
    if (!grown)
        full = true;
    return grown;
}
