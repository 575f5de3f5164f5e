export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A layer's size where the canvas has not measured it. */
export const NODE_SIZE: Size = { width: 200, height: 82 };

/** What only the canvas can do; it sets these while it is there. */
export const canvasActions: {
  /** Shows the whole model. */
  fit: () => void;
  /** Shows these items, as large as is comfortable to read. */
  fitTo: (ids: readonly string[]) => void;
  zoom: (factor: number | 'actual') => void;
  /** Where an item's upper left corner is on the screen. */
  screenOf: (id: string) => Point | undefined;
  sizeOf: (id: string) => Size;
  /** A place for something new: in the middle of what is seen. */
  centre: () => { readonly screen: Point; readonly canvas: Point };
} = {
  fit: () => undefined,
  fitTo: () => undefined,
  zoom: () => undefined,
  screenOf: () => undefined,
  sizeOf: () => NODE_SIZE,
  centre: () => ({ screen: { x: 0, y: 0 }, canvas: { x: 0, y: 0 } }),
};
