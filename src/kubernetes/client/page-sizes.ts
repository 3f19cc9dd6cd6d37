/** How many objects to ask for in the next page of a list. */
export interface PageSizes {
  next(): number;
  /** The page fitted: the next may be larger. */
  grow(): void;
  /** The page was longer than `longestPage`: ask for fewer. */
  shrink(): void;
  /** Whether the objects are so large that pages of the usual size do not fit. */
  areReduced(): boolean;
}

/**
 * In bytes of JSON. The authors of objects decide how large these are, up to the 1.5 MB that etcd
 * keeps, and a page is in memory as a whole: as text and as what is parsed from it.
 */
export const longestPage = 8_000_000;

/** Half of client-go's: 500 links hold the event loop for some 40 ms while they are parsed. */
const most = 250;

/** Begins with the usual size, and is cut down as long as pages are too long. */
export function createPageSizes(): PageSizes {
  let size = most;
  return {
    next: () => size,
    grow() {
      size = Math.min(size * 2, most);
    },
    shrink() {
      size = Math.max(Math.floor(size / 4), 1);
    },
    areReduced: () => size < most,
  };
}
