/** Type of what is dragged from the palette to the canvas: a layer's type, or a block's key. */
export const DRAGGED_LAYER = 'application/x-gradloom-layer';
