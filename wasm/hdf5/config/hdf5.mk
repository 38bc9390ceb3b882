# Compiles and links the HDF5 module. Run by wasm/build.sh with BUILD as the current folder: SRC (unpacked sources), WASM (this
# repository's wasm folder), FAST (1: no wasm-opt). Every list is sorted and no path of the machine gets into an object, so
# the result depends on sources, flags and tools alone.

export LC_ALL := C
export EMCC_SKIP_SANITY_CHECK := 1
CC := emcc
AR := emar
H5 := $(SRC)/hdf5/src

COMMON := -msimd128 -DNDEBUG -fno-strict-aliasing -ffile-prefix-map=$(H5)/= -ffile-prefix-map=$(SRC)/= -ffile-prefix-map=$(WASM)/=
# What the compiled code is optimised for: the library for size, what touches every byte for speed.
SMALL  := $(COMMON) -Os
QUICK  := $(COMMON) -O3
STRICT := -Wall -Wextra -Werror -std=gnu11

H5_INCLUDE := -I$(WASM)/hdf5/config -I$(H5) -I$(H5)/H5FDsubfiling
OUR_INCLUDE := -I$(WASM)/hdf5 -I$(WASM)/hdf5/codecs -I$(WASM)/hdf5/config \
  $(addprefix -isystem ,$(H5) $(H5)/H5FDsubfiling $(SRC)/libdeflate $(SRC)/libaec/include $(SRC)/lz4/lib $(SRC)/zstd/lib \
  $(SRC)/bzip2 $(SRC)/c-blosc/blosc $(SRC)/bitshuffle/src)

# Replaced by codecs/ (deflate, shuffle, fletcher32) or config/absent.c (plugins, pass-through); or for what a standalone module
# cannot have: threads, MPI, network and direct drivers.
H5_LEFT_OUT := H5Zdeflate H5Zshuffle H5Zfletcher32 H5PL H5PLint H5PLpath H5PLplugin_cache H5PLsig H5VLpassthru H5VLpassthru_int \
  $(basename $(notdir $(wildcard $(H5)/H5TS*.c))) \
  H5ACmpio H5Cmpio H5Dmpio H5Fmpi H5Smpio H5mpi H5FDmpi H5FDmpio H5FDmirror H5FDros3 H5FDros3_s3comms H5FDhdfs H5FDdirect H5FDwindows
# The hot loops of the library: byte order, scatter and gather, hyperslabs, copying.
H5_QUICK := H5Tconv H5Dscatgath H5Dselect H5Shyper H5VM H5checksum H5Znbit H5Zscaleoffset

H5_NAMES := $(sort $(filter-out $(H5_LEFT_OUT),$(basename $(notdir $(wildcard $(H5)/*.c)))))
H5_OBJ := $(addprefix obj/hdf5/,$(addsuffix .o,$(filter-out $(H5_QUICK),$(H5_NAMES)))) \
  $(addprefix obj/hdf5_quick/,$(addsuffix .o,$(filter $(H5_QUICK),$(H5_NAMES))))

LIB_OBJ := $(addprefix obj/libdeflate/,$(addsuffix .o,adler32 deflate_compress deflate_decompress utils zlib_compress zlib_decompress)) \
  $(addprefix obj/libaec/,$(addsuffix .o,decode encode encode_accessors sz_compat vector)) \
  obj/lz4/lz4.o \
  $(addprefix obj/zstd/,$(addsuffix .o,$(sort $(basename $(notdir $(wildcard $(addsuffix /*.c,$(addprefix $(SRC)/zstd/lib/,common compress decompress)))))))) \
  $(addprefix obj/c-blosc/,blosclz.o fastcopy.o) \
  $(addprefix obj/bitshuffle/,bitshuffle_core.o iochain.o) \
  $(addprefix obj/bzip2/,$(addsuffix .o,bzlib crctable decompress huffman randtable compress blocksort))

OUR_SRC := $(sort $(wildcard $(WASM)/hdf5/*.c)) $(sort $(wildcard $(WASM)/hdf5/codecs/*.c)) $(WASM)/hdf5/config/absent.c $(WASM)/hdf5/config/check_sizes.c $(WASM)/hdf5/config/platform.c
OUR_OBJ := $(patsubst $(WASM)/hdf5/%.c,obj/own/%.o,$(OUR_SRC))

# The host functions of microtome.h are the only symbols that may stay undefined: manifest.mjs refuses a module with others.
LINK := -sSTANDALONE_WASM --no-entry -sALLOW_MEMORY_GROWTH -sIMPORTED_MEMORY -sINITIAL_MEMORY=2097152 -sMAXIMUM_MEMORY=4294967296 \
  -Wl,--wrap=emscripten_resize_heap \
  -sTOTAL_STACK=1048576 -Wl,--stack-first -sERROR_ON_UNDEFINED_SYMBOLS=0 -sWARN_ON_UNDEFINED_SYMBOLS=0 -msimd128

# A group of objects is compiled again when its flags change, not whenever this file does.
stamp = $(shell mkdir -p obj; echo '$(2)' | cmp -s - obj/$(1).flags || echo '$(2)' >obj/$(1).flags)obj/$(1).flags

# What emcc runs at -O3, after the net is in.
OPT := --post-emscripten -O3 --low-memory-unused --zero-filled-memory --strip-debug --strip-producers
FEATURES := --enable-simd --enable-mutable-globals
# 0: without the countdown, to measure its price.
NET := 1

# Linked with names and as it is, then the net's countdown, then the optimiser.
hdf5.wasm: $(OUR_OBJ) libhdf5.a libcodecs.a $(WASM)/hdf5/config/net.awk $(call stamp,link,$(LINK) $(OPT) $(FEATURES) $(NET))
	$(CC) -O1 -g2 --profiling-funcs $(LINK) $(OUR_OBJ) libhdf5.a libcodecs.a -o linked.wasm
	wasm-dis linked.wasm -o linked.wat
	awk -v ticks=$(NET) -f $(WASM)/hdf5/config/net.awk linked.wat >netted.wat
	wasm-as $(FEATURES) $(if $(FAST),-g) netted.wat -o netted.wasm
	$(if $(FAST),cp netted.wasm optimised.wasm,wasm-opt $(FEATURES) $(OPT) netted.wasm -o optimised.wasm)
	mv optimised.wasm $@
	rm -f linked.wat netted.wat

libhdf5.a: $(H5_OBJ) $(call stamp,names,$(H5_OBJ))
	rm -f $@ && $(AR) rcsD $@ $(H5_OBJ)

libcodecs.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcsD $@ $(LIB_OBJ)

# External raw files go through the glue's efl.c.
obj/hdf5/H5Defl.o: EXTRA := -include $(WASM)/hdf5/config/efl_redirect.h
obj/hdf5/H5Defl.o: $(WASM)/hdf5/config/efl_redirect.h
# Variable-length values come from an arena (arena.c), so that a restarted read leaks nothing.
obj/hdf5/H5Tvlen.o: EXTRA := -include $(WASM)/hdf5/vlen.h
obj/hdf5/H5Tvlen.o: $(WASM)/hdf5/vlen.h
# What a failed listing of a group releases must be zeros where it was not written.
obj/hdf5/H5Gdense.o: EXTRA := -include $(WASM)/hdf5/zeroed.h
obj/hdf5/H5Gdense.o: $(WASM)/hdf5/zeroed.h
# wasm has no floating-point exceptions to clear, and its fenv.h none to name.
obj/hdf5/H5Tinit_float.o: EXTRA := -DFE_INVALID=0

H5_FLAGS = -D_GNU_SOURCE $(EXTRA) $(H5_INCLUDE) -I$(SRC)/libaec/include -w

obj/hdf5/%.o: $(H5)/%.c $(WASM)/hdf5/config/H5pubconf.h $(call stamp,hdf5,$(SMALL))
	@mkdir -p $(@D)
	@$(CC) $(SMALL) $(H5_FLAGS) -c $< -o $@

obj/hdf5_quick/%.o: $(H5)/%.c $(WASM)/hdf5/config/H5pubconf.h $(call stamp,hdf5_quick,$(QUICK))
	@mkdir -p $(@D)
	@$(CC) $(QUICK) $(H5_FLAGS) -c $< -o $@

obj/libdeflate/%.o: $(SRC)/libdeflate/lib/%.c $(call stamp,libdeflate,$(QUICK))
	@mkdir -p $(@D)
	@$(CC) $(QUICK) -w -c $< -o $@

obj/libaec/%.o: $(SRC)/libaec/src/%.c $(call stamp,libaec,$(QUICK))
	@mkdir -p $(@D)
	@$(CC) $(QUICK) -I$(SRC)/libaec/include -w -c $< -o $@

obj/lz4/%.o: $(SRC)/lz4/lib/%.c $(call stamp,lz4,$(QUICK))
	@mkdir -p $(@D)
	@$(CC) $(QUICK) -w -c $< -o $@

# Writing at levels above 4 falls back to the double-fast strategy: the slower searches are not worth their size.
ZSTD_FLAGS := -DZSTD_LEGACY_SUPPORT=0 -DZSTD_NO_TRACE -DZSTD_DISABLE_ASM -DZSTD_STRIP_ERROR_STRINGS \
  -DZSTD_EXCLUDE_GREEDY_BLOCK_COMPRESSOR -DZSTD_EXCLUDE_LAZY_BLOCK_COMPRESSOR -DZSTD_EXCLUDE_LAZY2_BLOCK_COMPRESSOR \
  -DZSTD_EXCLUDE_BTLAZY2_BLOCK_COMPRESSOR -DZSTD_EXCLUDE_BTOPT_BLOCK_COMPRESSOR -DZSTD_EXCLUDE_BTULTRA_BLOCK_COMPRESSOR
vpath %.c $(addprefix $(SRC)/zstd/lib/,common compress decompress)
obj/zstd/%.o: %.c $(call stamp,zstd,$(QUICK) $(ZSTD_FLAGS))
	@mkdir -p $(@D)
	@$(CC) $(if $(findstring /compress/,$<),$(COMMON) -O2,$(QUICK)) $(ZSTD_FLAGS) -w -c $< -o $@

obj/c-blosc/%.o: $(SRC)/c-blosc/blosc/%.c $(call stamp,c-blosc,$(QUICK))
	@mkdir -p $(@D)
	@$(CC) $(QUICK) -w -c $< -o $@

# SSE2 is what Emscripten offers over wasm's SIMD: bitshuffle's vector code then works as it is.
obj/bitshuffle/%.o: $(SRC)/bitshuffle/src/%.c $(call stamp,bitshuffle,$(QUICK) -msse2)
	@mkdir -p $(@D)
	@$(CC) $(QUICK) -msse2 -w -c $< -o $@

obj/bzip2/%.o: $(SRC)/bzip2/%.c $(call stamp,bzip2,$(COMMON) -O2 -DBZ_NO_STDIO)
	@mkdir -p $(@D)
	@$(CC) $(COMMON) -O2 -DBZ_NO_STDIO -w -c $< -o $@

obj/own/config/%.o: $(WASM)/hdf5/config/%.c $(call stamp,own,$(SMALL) $(QUICK) $(STRICT))
	@mkdir -p $(@D)
	@$(CC) $(SMALL) $(STRICT) -MMD -MP $(OUR_INCLUDE) -c $< -o $@

obj/own/%.o: $(WASM)/hdf5/%.c obj/own.flags
	@mkdir -p $(@D)
	@$(CC) $(QUICK) $(STRICT) -MMD -MP $(OUR_INCLUDE) -c $< -o $@

-include $(OUR_OBJ:.o=.d)
