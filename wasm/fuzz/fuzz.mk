# Compiles the C of the two modules natively, 32-bit as wasm is, under AddressSanitizer and UndefinedBehaviorSanitizer, and
# links it with libFuzzer's targets. Run by fuzz.ts with a folder to build in as the current one: SRC (unpacked and patched
# sources), WASM (this repository's wasm folder). Which files make up the module, and what is put before them, is the wasm
# build's own list (hdf5.mk); only tools and flags are others.

TARGETS := walk chunks codecs write change reader

override CC := clang-14 -m32 -msse2 -mfpmath=sse -D_FILE_OFFSET_BITS=64 -I$(WASM)/fuzz/native
override AR := llvm-ar-14
# What can't give a wrong value or a bad access in wasm is left out: alignment (wasm has none), calls through pointers of other
# types (checked there by the engine), and sums with null pointers. Checks of memory are calls: that compiles twice as fast.
SANITIZE := -fsanitize=address,undefined -fno-sanitize=alignment,function,null,pointer-overflow,object-size,nonnull-attribute \
  -fno-sanitize-recover=all -fsanitize=fuzzer-no-link -mllvm -asan-instrumentation-with-call-threshold=0
override COMMON := -DNDEBUG -fno-strict-aliasing -g1 -fno-omit-frame-pointer $(SANITIZE)
override SMALL := $(COMMON) -O1
override QUICK := $(COMMON) -O1
override STRICT := -Wall -Wextra -Werror -Wno-deprecated-declarations -Wno-unknown-attributes -Wno-ignored-attributes -std=gnu11

all: $(addprefix fuzz_,$(TARGETS))

include $(WASM)/hdf5/config/hdf5.mk

# Conversions between numbers are one macro, a thousand times over: for these alone compiling at -O1 would take minutes.
$(addprefix obj/hdf5/,$(addsuffix .o,$(filter H5Tconv_%,$(H5_NAMES)))): override SMALL := -DNDEBUG -g1 -O0 -fsanitize=address -fsanitize-coverage=inline-8bit-counters,pc-table
$(addprefix obj/hdf5/,$(addsuffix .o,$(filter H5Tconv_%,$(H5_NAMES)))): override QUICK := -DNDEBUG -g1 -O0 -fsanitize=address -fsanitize-coverage=inline-8bit-counters,pc-table
# Its generic code, as in wasm, not the one for x86.
obj/libdeflate/%.o: override QUICK := $(COMMON) -O1 -U__i386__
# Here there is a fenv.h.
obj/hdf5/H5Tinit_float.o: override EXTRA :=
obj/hdf5/H5Fio.o: override EXTRA := -DMT_FUZZ_CHECKSUMS_HERE
# An index that claims very many elements is walked through until the product's net ends it (native.c).
obj/hdf5/H5Dearray.o: override EXTRA := -DH5EA_iterate=mt_fuzz_ea_iterate
obj/hdf5/H5Fsfile.o: override EXTRA := -DMT_FUZZ_SEARCH_HERE
# A patch of a header makes all anew: nothing here knows who includes it.
$(H5_OBJ): $(call stamp,headers,$(shell cat $$(grep -l '^+++ b/.*\.h$$' $(WASM)/hdf5/patches/*.patch) /dev/null | sha256sum))
# Checksums of metadata can be told to pass (native.c): what lies behind them is found in minutes instead of never.
override H5_INCLUDE := -include $(WASM)/fuzz/native/force.h $(H5_INCLUDE)
$(H5_OBJ): $(WASM)/fuzz/native/force.h

# The system of wasm is replaced by the machine's, and its sizes but one are proved by check_sizes.c.
NATIVE_OBJ := $(filter-out obj/own/config/platform.o obj/own/config/check_sizes.o,$(OUR_OBJ))
READER_OBJ := $(patsubst $(WASM)/reader/%.c,obj/reader/%.o,$(sort $(wildcard $(WASM)/reader/*.c)))
HOST_OBJ := $(addprefix obj/fuzz/,$(addsuffix .o,rules native host json mutate walkfile datasets operations))

READER := $(COMMON) -O1 -ffp-contract=off -fwrapv -std=gnu11 -Wall -Wextra -Werror -Wno-unknown-attributes -Wno-ignored-attributes
obj/reader/%.o: $(WASM)/reader/%.c $(call stamp,reader,$(READER))
	@mkdir -p $(@D)
	@$(CC) $(READER) -MMD -MP -c $< -o $@

# Not the targets' own edges count, but the module's.
FUZZ_CC := $(CC) $(filter-out -fsanitize=fuzzer-no-link,$(COMMON)) -O1 $(STRICT) $(OUR_INCLUDE) -I$(WASM)/fuzz
obj/fuzz/%.o: $(WASM)/fuzz/%.c $(call stamp,fuzz,$(FUZZ_CC))
	@mkdir -p $(@D)
	@$(FUZZ_CC) -MMD -MP -c $< -o $@

FUZZ_LINK := $(CC) -fsanitize=address,undefined,fuzzer
HDF5_LINK := $(NATIVE_OBJ) $(HOST_OBJ) libhdf5.a libcodecs.a
fuzz_reader: obj/fuzz/reader.o obj/fuzz/rules.o $(READER_OBJ)
	@$(FUZZ_LINK) $^ -lm -o $@
$(addprefix fuzz_,$(filter-out reader,$(TARGETS))): fuzz_%: obj/fuzz/%.o $(HDF5_LINK)
	@$(FUZZ_LINK) $^ -lm -o $@

# A target with a fault: PLANTED (of planted/PLANTED.patch), FILE (the one that the patch changes, below wasm), FOLDER (where
# the patched copy of wasm lies).
planted: $(HDF5_LINK) obj/fuzz/$(PLANTED).o $(READER_OBJ)
	@mkdir -p planted
	@$(CC) $(if $(filter reader/%,$(FILE)),$(READER),$(QUICK) $(STRICT) $(subst $(WASM)/hdf5,$(FOLDER)/hdf5,$(OUR_INCLUDE))) -c $(FOLDER)/$(FILE) -o planted/$(PLANTED).o
	@$(FUZZ_LINK) obj/fuzz/$(PLANTED).o planted/$(PLANTED).o $(if $(filter reader/%,$(FILE)),obj/fuzz/rules.o $(filter-out $(FILE:%.c=obj/%.o),$(READER_OBJ)),\
	  $(filter-out $(patsubst hdf5/%.c,obj/own/%.o,$(FILE)),$(HDF5_LINK))) -lm -o planted/$(PLANTED)

-include $(wildcard obj/fuzz/*.d obj/reader/*.d)
.PHONY: all planted
