/** The part of esbuild's metafile that is read. */
export interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }
    >
  >;
}

export interface BundledPackage {
  /** Name and version. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** As SPDX names it. */
  readonly licence: string;
  /** The licence, and what else its owner wants to go with it. */
  readonly text: string;
  /** Contents of its package.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

export function bundledPackages(metafile: Metafile, root: string): readonly BundledPackage[];
