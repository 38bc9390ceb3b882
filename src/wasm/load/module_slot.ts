/**
 * What is known of one of the modules.
 *
 * @module
 */

/** Where a module is loaded from: an address to fetch it from, or its bytes. */
export type ModuleBytes = URL | string | BufferSource;

/** Gives a module's bytes when they are needed. */
export type ModuleGiver = () => Promise<BufferSource>;

/** Where a module comes from: compiled already, an address to fetch it from, or its bytes. */
export type ModuleSource = WebAssembly.Module | ModuleBytes;

/** One of the modules. Its compiled form is shared by all that use it and never changes. */
export interface ModuleSlot {
  /** The file's name. */
  readonly name: string;
  /** What of {@linkcode InitOptions} brings the module, for messages. */
  readonly option: string;
  /** Where it lies in this package. */
  readonly home: () => URL;
  /** Where it comes from instead. */
  source?: ModuleBytes | ModuleGiver | undefined;
  /** Once it is compiled. */
  compiled?: WebAssembly.Module | undefined;
  /** The compilation under way, so that two who need it at once compile it once. */
  compiling?: Promise<WebAssembly.Module> | undefined;
}
