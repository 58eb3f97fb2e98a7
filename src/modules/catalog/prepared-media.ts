/** A stored picture's row, ready to be written. */
export interface PreparedMedia {
  id: string;
  sha256: string;
  state: 'pending' | 'ready';
  mimeType: string;
  width: number;
  height: number;
  byteSize: number;
  colour: string;
  /** Names under the sha256: `source.jpg`, `480.webp`, … */
  files: string[];
}

/** A picture that is decoded already, or was drawn. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
}

/** The renditions that can be made at once: of a list, and of a picture that a page shows over its whole width. */
type FirstWidth = 480 | 960;

export interface PrepareOptions {
  /** What is made at once, so that there is something small to show; a job makes all others. */
  widths?: readonly FirstWidth[];
}
