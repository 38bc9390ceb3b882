# Puts the net's countdown into a module as text (wasm-dis to wasm-as): see ../net.c.
#
# Each loop of a function of libhdf5 counts down by one when it begins a round, and traps below zero. Not in the codecs
# (nbit, scaleoffset, szip: their loops are bounded by their input, see ../codecs/guards.c), nor in what isn't libhdf5's.
# -v ticks=0 leaves the countdown out, to measure what it costs. Says on stderr how many loops have it.

function define(name, body) { print " (func $" name " " body ")" }

BEGIN {
  if (ticks == "") ticks = 1
  tick = "(global.set $mt_net (i64.sub (global.get $mt_net) (i64.const 1))) (if (i64.lt_s (global.get $mt_net) (i64.const 0)) (unreachable))"
}

# The module's own counter, in place of what net.c imports.
/^ \(import "net" / {
  match($0, /\(func \$[^ )]+/)
  names[/"set"/ ? "set" : "left"] = substr($0, RSTART + 7, RLENGTH - 7)
  next
}

/^ \(global / && !counter {
  print " (global $mt_net (mut i64) (i64.const 67108864))"
  counter = 1
}

/^ \(export / && !exported {
  print " (export \"mt_net\" (global $mt_net))"
  exported = 1
}

/^ \(func / && !defined {
  define(names["set"], "(param $0 f64) (global.set $mt_net (i64.trunc_f64_s (local.get $0)))")
  define(names["left"], "(result f64) (f64.convert_i64_s (global.get $mt_net))")
  defined = 1
}

/^ \(func / { counted = ticks && $2 ~ /^\$H5/ && $2 !~ /^\$H5Z_+(nbit|scaleoffset|szip|filter_(nbit|scaleoffset|szip))/ }

{ print }

counted && /^ +\(loop/ { print tick; count++ }

END {
  if (!counter || !exported || !names["set"] || !names["left"] || (ticks && count < 2000)) {
    print "net.awk: the module is not as expected: " count + 0 " loops" > "/dev/stderr"
    exit 1
  }
  print count + 0 " loops of libhdf5 count down" > "/dev/stderr"
}
