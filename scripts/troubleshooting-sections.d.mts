export declare const parts: readonly string[];

/** One section of docs/troubleshooting.md. */
export interface TroubleshootingSection {
  readonly heading: string;
  readonly reasons: readonly string[];
  /** By the part's name, such as `Repair`. */
  readonly parts: Readonly<
    Record<string, { readonly text: string; readonly blocks: readonly string[] }>
  >;
}

export declare function sectionsOf(page: string): readonly TroubleshootingSection[];
export declare function anchorOf(heading: string): string;
