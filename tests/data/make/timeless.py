"""Clears the times that libhdf5 puts in object headers whatever it is told (the superblock's extension)."""


def _rotate(value, bits):
    return ((value << bits) | (value >> (32 - bits))) & 0xFFFFFFFF


def lookup3(data):
    """Bob Jenkins' lookup3 hash, HDF5's checksum of metadata."""
    mask = 0xFFFFFFFF
    a = b = c = (0xDEADBEEF + len(data)) & mask
    position, left = 0, len(data)
    while left > 12:
        words = [int.from_bytes(data[position + 4 * i:position + 4 * i + 4], "little") for i in range(3)]
        a, b, c = (a + words[0]) & mask, (b + words[1]) & mask, (c + words[2]) & mask
        for bits in (4, 6, 8, 16, 19, 4):
            a = ((a - c) & mask) ^ _rotate(c, bits)
            c = (c + b) & mask
            a, b, c = b, c, a
        position, left = position + 12, left - 12
    if left == 0:
        return c
    tail = data[position:].ljust(12, b"\0")
    words = [int.from_bytes(tail[4 * i:4 * i + 4], "little") for i in range(3)]
    a, b, c = (a + words[0]) & mask, (b + words[1]) & mask, (c + words[2]) & mask
    for bits in (14, 11, 25, 16, 4, 14, 24):
        c = ((c ^ b) - _rotate(b, bits)) & mask
        a, b, c = b, c, a
    # Seven steps leave the names rotated by one: the last one changed is now b.
    return b


def clear_times(path):
    """Zeroes the four times of each version 2 object header that has them, and mends its checksum."""
    data = bytearray(path.read_bytes())
    at = data.find(b"OHDR")
    while at >= 0:
        flags = data[at + 5]
        if flags & 0x20:
            width = 1 << (flags & 3)
            sizes = at + 22 + (4 if flags & 0x10 else 0)
            end = sizes + width + int.from_bytes(data[sizes:sizes + width], "little")
            if int.from_bytes(data[end:end + 4], "little") != lookup3(bytes(data[at:end])):
                raise ValueError(f"{path.name}: unexpected checksum of the object header at {at}")
            data[at + 6:at + 22] = bytes(16)
            data[end:end + 4] = lookup3(bytes(data[at:end])).to_bytes(4, "little")
        at = data.find(b"OHDR", at + 4)
    path.write_bytes(data)
