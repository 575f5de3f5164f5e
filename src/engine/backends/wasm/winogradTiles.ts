/** Places of a transformed tile: 4×4. */
export const PLACES = 16;
/** Tiles that are transformed side by side, one a lane. */
export const LANES = 4;

/** The 2×2 tiles of images of outputs, each of which takes a 4×4 tile of inputs, two rows and columns apart. */
export interface TileGrid {
  readonly height: number;
  readonly width: number;
  /** Rows of tiles and tiles in a row; the last ones reach beyond an odd height or width. */
  readonly down: number;
  readonly across: number;
}

export function tileGrid(height: number, width: number): TileGrid {
  return { height, width, down: Math.ceil(height / 2), across: Math.ceil(width / 2) };
}

/** How many images, and how many rows of tiles of each, are transformed at a time. */
export interface TileChunk {
  readonly images: number;
  readonly rows: number;
  /** At the most, in all of these. */
  readonly tiles: number;
}

/** Cuts images into chunks of about `wanted` tiles: some rows of one image, or some images. */
export function tileChunk({ down, across }: TileGrid, images: number, wanted: number): TileChunk {
  const whole = Math.min(images, Math.floor(wanted / (down * across)));
  if (whole >= 1) return { images: whole, rows: down, tiles: whole * down * across };
  const rows = Math.ceil(down / Math.ceil((down * across) / wanted));
  return { images: 1, rows, tiles: rows * across };
}

/**
 * Transformed tiles in memory: for each of the places of a tile a plane, in it a row for each channel, in it the tiles of
 * a chunk. Distances in bytes.
 */
export interface TilePlanes {
  readonly rowBytes: number;
  readonly planeBytes: number;
  readonly bytes: number;
}

/** Planes whose rows have room for whole vectors of eight, and one more of four. */
export function tilePlanes(channels: number, tiles: number): TilePlanes {
  const rowBytes = 32 * Math.ceil((tiles + LANES) / 8);
  // An odd number of cache lines, so that the places of a tile do not fall on the same few lines of the cache.
  const planeBytes = 64 * (Math.ceil((channels * rowBytes) / 64) | 1);
  return { rowBytes, planeBytes, bytes: PLACES * planeBytes };
}
