#include "json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

#define DEPTH 100

static const char *value_end(const char *at, const char *end, int depth);

static const char *spaces(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    return at;
}

static const char *string_end(const char *at, const char *end)
{
    MUST(at < end && *at == '"', "no string in JSON");
    for (at++; at < end && *at != '"'; at++) {
        MUST((uint8_t)*at >= 0x20, "a control character in a JSON string");
        if (*at != '\\')
            continue;
        at++;
        MUST(at < end && strchr("\"\\/bfnrtu", *at), "an unknown escape in JSON");
        if (*at == 'u') {
            MUST(end - at > 4 && strspn(at + 1, "0123456789abcdefABCDEF") >= 4, "a broken escape in JSON");
            at += 4;
        }
    }
    MUST(at < end, "a JSON string without end");
    return at + 1;
}

static const char *number_end(const char *at, const char *end)
{
    const char *start = at;
    while (at < end && strchr("+-.0123456789eE", *at))
        at++;
    MUST(at > start && at - start < 40, "no value in JSON");
    return at;
}

static const char *members_end(const char *at, const char *end, char last, bool object, int depth)
{
    at = spaces(at + 1, end);
    if (at < end && *at == last)
        return at + 1;
    for (;;) {
        if (object) {
            at = spaces(string_end(at, end), end);
            MUST(at < end && *at == ':', "a JSON member without value");
            at = spaces(at + 1, end);
        }
        at = spaces(value_end(at, end, depth + 1), end);
        MUST(at < end && (*at == ',' || *at == last), "JSON without its end");
        if (*at == last)
            return at + 1;
        at = spaces(at + 1, end);
    }
}

static const char *value_end(const char *at, const char *end, int depth)
{
    static const char *const words[] = {"true", "false", "null"};
    MUST(at < end && depth < DEPTH, "JSON ends, or is %d deep", depth);
    if (*at == '{' || *at == '[')
        return members_end(at, end, *at == '{' ? '}' : ']', *at == '{', depth);
    if (*at == '"')
        return string_end(at, end);
    for (int i = 0; i < 3; i++)
        if ((size_t)(end - at) >= strlen(words[i]) && memcmp(at, words[i], strlen(words[i])) == 0)
            return at + strlen(words[i]);
    return number_end(at, end);
}

json_t json_out(void)
{
    json_t text = {mt_out_ptr(), NULL};
    text.end    = text.at + mt_out_len();
    MUST(spaces(value_end(spaces(text.at, text.end), text.end, 0), text.end) == text.end, "something behind JSON");
    return text;
}

json_t json_keep(void)
{
    json_t out  = json_out();
    size_t size = (size_t)(out.end - out.at);
    char  *copy = malloc(size);
    MUST(copy, "no memory for JSON");
    memcpy(copy, out.at, size);
    return (json_t){copy, copy + size};
}

bool json_member(json_t object, const char *name, json_t *value)
{
    const char *at = spaces(object.at, object.end);
    if (at >= object.end || *at != '{')
        return false;
    at = spaces(at + 1, object.end);
    while (at < object.end && *at == '"') {
        const char *key = at + 1, *key_end = string_end(at, object.end);
        at         = spaces(spaces(key_end, object.end) + 1, object.end);
        *value     = (json_t){at, value_end(at, object.end, 0)};
        if ((size_t)(key_end - 1 - key) == strlen(name) && memcmp(key, name, strlen(name)) == 0)
            return true;
        at = spaces(value->end, object.end);
        if (at < object.end && *at == ',')
            at = spaces(at + 1, object.end);
    }
    return false;
}

bool json_next(json_t array, json_t *entry)
{
    const char *at = spaces(array.at, array.end);
    if (at >= array.end || *at != '[')
        return false;
    at = spaces(entry->at ? entry->end : at + 1, array.end);
    if (entry->at && *at == ',')
        at = spaces(at + 1, array.end);
    if (*at == ']')
        return false;
    *entry = (json_t){at, value_end(at, array.end, 0)};
    return true;
}

bool json_is(json_t value, const char *text)
{
    return (size_t)(value.end - value.at) == strlen(text) && memcmp(value.at, text, strlen(text)) == 0;
}

double json_number(json_t value)
{
    char   text[48] = {0};
    size_t size     = (size_t)(value.end - value.at);
    MUST(size && size < sizeof text, "no number in JSON");
    memcpy(text, value.at, size);
    return strtod(text, NULL);
}

static int hex(const char *at)
{
    char text[5] = {at[0], at[1], at[2], at[3], 0};
    return (int)strtol(text, NULL, 16);
}

int json_text(json_t value, char *text, size_t room)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    size_t            length = 0;
    if (*value.at != '"')
        return -1;
    for (const char *at = value.at + 1; at < value.end - 1; at++) {
        char c = *at;
        if (c == '\\') {
            const char *known = strchr(from, *++at);
            c                 = known ? to[known - from] : *at;
            if (*at == 'u') {
                MUST(hex(at + 1) < 0x80, "an escape that isn't needed");
                c = (char)hex(at + 1);
                at += 4;
            }
        }
        if (length == room)
            return -1;
        text[length++] = c;
    }
    return (int)length;
}
