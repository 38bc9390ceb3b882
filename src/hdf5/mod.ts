/**
 * HDF5: files, groups, datasets, attributes, read and written.
 *
 * @module
 */
export { type DereferenceOptions, H5File, open, type OpenOptions } from "./file.ts";
export type { FileInfo } from "./head.ts";
export { Group, type GroupOptions, type Member, NamedType } from "./group.ts";
export { Dataset, type DatasetReadOptions } from "./dataset.ts";
export { Attribute, type AttributeOptions, AttributeSet, type AttributeValue } from "./attributes.ts";
export { Reference, type ReferenceTarget } from "./reference.ts";
export type { Filter, Link } from "./metadata.ts";
export type { ExternalResolver } from "./engine/external.ts";
export { H5Object } from "./objects.ts";
export { change, type ChangeOptions, create, type CreateOptions } from "./write/create.ts";
export { WritableFile } from "./write/writable_file.ts";
export { type CreateGroupOptions, WritableGroup } from "./write/writable_group.ts";
export { type DatasetWriteOptions, WritableDataset } from "./write/writable_dataset.ts";
export { type AttributeSetOptions, WritableAttributeSet } from "./write/writable_attributes.ts";
export type { DatasetOptions } from "./write/create_dataset.ts";
export type { Compression, StorageOptions } from "./storage/storage_options.ts";
export type { DTypeInput } from "./storage/write_type.ts";
export type { WritableData } from "./storage/write_values.ts";
export type { WriteOptions, WriteProgress, WriteSource } from "./write/write_stream.ts";
export type { LinkTarget } from "./write/link.ts";
