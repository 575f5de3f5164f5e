import type { ManifestEntry } from '../../engine/data/manifest.ts';

/** Where the manifest entries of the user's own tables say that their files lie: in this browser, on no server. */
export const OWN_FOLDER = 'own/';

/** A table of the user's own, as it is kept in the browser. */
export interface OwnTable {
  readonly entry: ManifestEntry;
  /** The file as it was given. */
  readonly bytes: Uint8Array;
}
