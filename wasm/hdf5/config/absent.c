/*
 * What libhdf5 refers to and this module leaves out: plugins loaded from disk, and the pass-through connector. Looking
 * for a plugin finds none.
 */
#define H5VL_FRIEND
#include "H5private.h"

#include "H5CXprivate.h"
#include "H5PLprivate.h"
#include "H5VLpkg.h"
#include "H5VLpassthru_private.h"

int    H5PL_term_package(void);
herr_t H5PL__init_package(void);

herr_t H5PL__init_package(void)
{
    return SUCCEED;
}

int H5PL_term_package(void)
{
    return 0;
}

const void *H5PL_load(H5PL_type_t type, const H5PL_key_t *key)
{
    (void)type;
    (void)key;
    return NULL;
}

herr_t H5PL_iterate(H5PL_iterate_type_t type, H5PL_iterate_t op, void *data)
{
    (void)type;
    (void)op;
    (void)data;
    return SUCCEED;
}

H5VL_connector_t *H5VL_PASSTHRU_conn_g = NULL;

herr_t H5VL__passthru_register(void)
{
    return SUCCEED;
}

herr_t H5VL__passthru_unregister(void)
{
    return SUCCEED;
}
