#include "walkfile.h"

#include <stdlib.h>
#include <string.h>

#define OBJECTS 64
#define ENTRIES 48
#define REFERENCES 16
#define DEPTH 6
#define NAME 300

static struct {
    walk_visit_t visit;
    choices_t   *choices;
    bool         values;
    double       seen[OBJECTS][2];
    int          count;
    int          references;
} walk;

int walk_shape(json_t object, const char *member, double *shape)
{
    json_t value, entry = {0};
    int    rank = 0;
    if (!json_member(object, member, &value) || json_is(value, "null"))
        return -1;
    while (json_next(value, &entry)) {
        if (rank == 32)
            return -1;
        shape[rank++] = json_is(entry, "null") ? -1 : json_number(entry);
    }
    return rank;
}

/* The sum of bytes, so that each is touched. */
static void touch(const void *bytes, size_t size)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum ^= ((const uint8_t *)bytes)[i];
    __asm__ volatile("" : : "r"((unsigned)sum));
}

static size_t member_size(json_t type)
{
    json_t size;
    return json_member(type, "size", &size) ? (size_t)json_number(size) : 0;
}

static int handle_of(json_t told)
{
    json_t number;
    MUST(json_member(told, "handle", &number), "an object without handle");
    return (int)json_number(number);
}

static void reference(json_t type, const uint8_t *bytes)
{
    json_t target;
    if (!json_member(type, "target", &target) || ++walk.references > REFERENCES)
        return;
    int kind = json_is(target, "\"object\"") ? 0 : json_is(target, "\"region\"") ? 1 : 2;
    if (CALL(mt_reference_info(0, kind, bytes)) != MT_OK)
        return;
    json_t told = json_keep(), address, file;
    if (json_member(told, "address", &address) && json_member(told, "file", &file) &&
        CALL(mt_object_open_at((int)json_number(file), json_number(address))) == MT_OK) {
        int handle = handle_of(json_out());
        (void)CALL(mt_object_close(handle));
    }
    free((void *)(uintptr_t)told.at);
}

static void one_value(json_t type, const uint8_t *bytes, int depth);

static void string(json_t type, const uint8_t *bytes)
{
    json_t      variable;
    const char *text;
    if (!json_member(type, "variable", &variable) || !json_is(variable, "true")) {
        touch(bytes, member_size(type));
        return;
    }
    memcpy(&text, bytes, sizeof text);
    if (text)
        touch(text, strlen(text));
}

static void sequence(json_t type, const uint8_t *bytes, int depth)
{
    struct {
        uint32_t       length;
        const uint8_t *at;
    } part;
    json_t base;
    memcpy(&part, bytes, sizeof part);
    if (!json_member(type, "base", &base) || !part.length)
        return;
    size_t size = member_size(base);
    touch(part.at, part.length * size);
    for (uint32_t i = 0; i < part.length && i < ENTRIES; i++)
        one_value(base, part.at + i * size, depth + 1);
}

static void array(json_t type, const uint8_t *bytes, int depth)
{
    json_t base;
    if (!json_member(type, "base", &base))
        return;
    size_t size = member_size(base), count = size ? member_size(type) / size : 0;
    for (size_t i = 0; i < count && i < ENTRIES; i++)
        one_value(base, bytes + i * size, depth + 1);
}

static void compound(json_t type, const uint8_t *bytes, int depth)
{
    json_t members, member = {0}, offset, part;
    if (!json_member(type, "members", &members))
        return;
    while (json_next(members, &member)) {
        MUST(json_member(member, "offset", &offset) && json_member(member, "type", &part), "a member without type");
        MUST(json_number(offset) + (double)member_size(part) <= (double)member_size(type), "a member beyond its compound");
        one_value(part, bytes + (size_t)json_number(offset), depth + 1);
    }
}

static void one_value(json_t type, const uint8_t *bytes, int depth)
{
    json_t class;
    if (depth > DEPTH || !json_member(type, "class", &class))
        return;
    if (json_is(class, "\"string\""))
        string(type, bytes);
    else if (json_is(class, "\"vlen\""))
        sequence(type, bytes, depth);
    else if (json_is(class, "\"array\""))
        array(type, bytes, depth);
    else if (json_is(class, "\"compound\""))
        compound(type, bytes, depth);
    else if (json_is(class, "\"reference\""))
        reference(type, bytes);
    else
        touch(bytes, member_size(type));
}

void walk_value(json_t type, const uint8_t *bytes, size_t count)
{
    size_t size = member_size(type);
    MUST(count <= mt_value_len() && size * count == mt_value_len(), "a value of %zu bytes for %zu elements of %zu",
         mt_value_len(), count, size);
    touch(bytes, mt_value_len());
    for (size_t i = 0; i < count && i < ENTRIES; i++)
        one_value(type, bytes + i * size, 0);
}

static void attributes(int handle, bool by_creation)
{
    json_t entry = {0}, name, type;
    if (CALL(mt_attr_list(handle, by_creation)) != MT_OK)
        return;
    json_t list = json_keep();
    for (int i = 0; i < ENTRIES && json_next(list, &entry); i++) {
        char   text[NAME];
        double shape[32], count = 1;
        int    length = json_member(entry, "name", &name) ? json_text(name, text, sizeof text) : -1;
        MUST(json_member(entry, "type", &type), "an attribute without type");
        if (length < 0)
            continue;
        if (CALL(mt_attr_info(handle, text, (size_t)length)) == MT_OK) {
            json_t told;
            MUST(json_member(json_out(), "name", &told) && told.end - told.at == name.end - name.at,
                 "an attribute with another name");
        }
        if (CALL(mt_attr_read(handle, text, (size_t)length)) != MT_OK)
            continue;
        int rank = walk_shape(entry, "shape", shape);
        for (int axis = 0; axis < rank; axis++)
            count *= shape[axis];
        walk_value(type, mt_value_ptr(), rank < 0 ? 0 : (size_t)count);
        mt_value_release();
    }
    free((void *)(uintptr_t)list.at);
}

static bool first_time(json_t object)
{
    json_t address, file;
    MUST(json_member(object, "address", &address) && json_member(object, "file", &file), "an object without place");
    double key[2] = {json_number(address), json_number(file)};
    if (walk.count == OBJECTS)
        return false;
    for (int i = 0; i < walk.count; i++)
        if (memcmp(walk.seen[i], key, sizeof key) == 0)
            return false;
    memcpy(walk.seen[walk.count++], key, sizeof key);
    return true;
}

static void object(int handle, json_t told, int depth);

static void members(int handle, bool by_creation, int depth)
{
    json_t entry = {0}, name;
    if (CALL(mt_group_list(handle, by_creation)) != MT_OK || depth == DEPTH)
        return;
    json_t list = json_keep();
    for (int i = 0; i < ENTRIES && walk.count < OBJECTS && json_next(list, &entry); i++) {
        char   text[NAME];
        int    length = json_member(entry, "name", &name) ? json_text(name, text, sizeof text) : -1;
        if (length < 0 || CALL(mt_object_open(handle, text, (size_t)length, 16)) != MT_OK)
            continue;
        json_t told = json_keep();
        int    opened = handle_of(told);
        if (first_time(told))
            object(opened, told, depth + 1);
        free((void *)(uintptr_t)told.at);
        (void)CALL(mt_object_close(opened)); /* fails where the host refused a write */
    }
    free((void *)(uintptr_t)list.at);
}

static void object(int handle, json_t told, int depth)
{
    json_t kind;
    bool   by_creation = depth & 1;
    MUST(json_member(told, "kind", &kind), "an object without kind");
    if (walk.values)
        attributes(handle, by_creation);
    if (walk.visit)
        walk.visit(handle, told, walk.choices);
    if (json_is(kind, "\"group\""))
        members(handle, by_creation, depth);
}

void walk_file(bool values, walk_visit_t visit, choices_t *choices)
{
    walk.values     = values;
    walk.visit      = visit;
    walk.choices    = choices;
    walk.count      = 0;
    walk.references = 0;
    if (CALL(mt_object_open(0, "/", 1, 16)) != MT_OK)
        return;
    json_t told = json_keep();
    int    opened = handle_of(told);
    (void)first_time(told);
    object(opened, told, 0);
    free((void *)(uintptr_t)told.at);
    (void)CALL(mt_object_close(opened));
}
