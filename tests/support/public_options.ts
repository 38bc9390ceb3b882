/**
 * What takes options among all that the package exports, by its types.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** A function, constructor or method with options. */
export interface PublicOptions {
  /** `open`, `new Ts`, `Data.load` (static) or `Dataset#read`. */
  readonly name: string;
  /** Place of the options among the arguments. */
  readonly at: number;
  /** File in which it is declared. */
  readonly line: string;
}

/** A parameter as `deno doc --json` tells of it. */
interface Parameter {
  readonly kind: string;
  readonly name?: string;
  readonly left?: Parameter;
  readonly tsType?: { readonly repr?: string };
}

interface Method {
  readonly name: string;
  readonly isStatic?: boolean;
  readonly accessibility?: string;
  readonly functionDef: { readonly params: readonly Parameter[] };
}

interface Declaration {
  readonly kind: string;
  readonly location: { readonly filename: string };
  readonly def: {
    readonly params?: readonly Parameter[];
    readonly constructors?: readonly { readonly params: readonly Parameter[] }[];
    readonly methods?: readonly Method[];
  };
}

interface Documentation {
  readonly nodes: Readonly<
    Record<
      string,
      { readonly symbols: readonly { readonly name: string; readonly declarations: readonly Declaration[] }[] }
    >
  >;
}

/**
 * Finds all that takes options: a parameter of that name, or whose type is called so.
 *
 * @param entries Modules, from the repository's root
 */
export async function publicOptions(entries: readonly string[]): Promise<PublicOptions[]> {
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...entries],
    cwd,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as Documentation;
  const found = new Map<string, PublicOptions>();
  for (const { name, declarations } of Object.values(nodes).flatMap(({ symbols }) => symbols)) {
    for (const { kind, def, location } of declarations) {
      const line = location.filename.slice(location.filename.lastIndexOf("/src/") + 1);
      const add = (called: string, params: readonly Parameter[]) => {
        const at = params.findIndex(isOptions);
        if (at >= 0) found.set(called, { name: called, at, line });
      };
      if (kind === "function") add(name, def.params ?? []);
      if (kind !== "class") continue;
      for (const { params } of def.constructors ?? []) add(`new ${name}`, params);
      for (const { name: method, isStatic, accessibility, functionDef } of def.methods ?? []) {
        if (accessibility !== undefined && accessibility !== "public") continue;
        add(`${name}${isStatic === true ? "." : "#"}${method}`, functionDef.params);
      }
    }
  }
  return [...found.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

function isOptions(parameter: Parameter): boolean {
  const { name, kind, tsType } = parameter.left ?? parameter;
  return name === "options" || kind === "object" || /Options$/.test((tsType ?? parameter.tsType)?.repr ?? "");
}
