# Compiles and links the reader module. Run by wasm/build.sh with the folder to build in as the current one and WASM, this
# repository's wasm folder. Freestanding: clang and its linker alone, no C library, no start-up code, nothing to optimise after.

export LC_ALL := C
CC := clang-14
LD := wasm-ld-14

READER := --target=wasm32 -O3 -fno-unroll-loops -msimd128 -mbulk-memory -mnontrapping-fptoint -msign-ext -ffreestanding -fno-strict-aliasing \
  -ffp-contract=off -fwrapv -std=gnu11 -Wall -Wextra -Werror -ffile-prefix-map=$(WASM)/=
# The stack lies lowest: an overflow traps and overwrites nothing.
READER_LINK := --no-entry --stack-first -z stack-size=65536 --strip-all --gc-sections --export=__heap_base

OBJ := $(patsubst $(WASM)/reader/%.c,obj/reader/%.o,$(sort $(wildcard $(WASM)/reader/*.c)))

stamp = $(shell mkdir -p obj/reader; echo '$(2)' | cmp -s - obj/reader/$(1).flags || echo '$(2)' >obj/reader/$(1).flags)obj/reader/$(1).flags

reader.wasm: $(OBJ) $(call stamp,link,$(READER_LINK) $(OBJ))
	$(LD) $(READER_LINK) $(OBJ) -o linked_reader.wasm
	mv linked_reader.wasm $@

obj/reader/%.o: $(WASM)/reader/%.c $(call stamp,compile,$(READER))
	@mkdir -p $(@D)
	@$(CC) $(READER) -MMD -MP -c $< -o $@

-include $(OBJ:.o=.d)
