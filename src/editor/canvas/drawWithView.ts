import type { useStoreApi } from '@xyflow/react';

type FlowStore = Pick<ReturnType<typeof useStoreApi>, 'getState' | 'subscribe'>;

/** Draws now, and again when the view has moved or has another size: once a frame, however often the pointer moves. Gives what ends it. */
export function drawWithView(flow: FlowStore, draw: (state: ReturnType<FlowStore['getState']>) => void): () => void {
  let frame = 0;
  const show = (): void => {
    frame = 0;
    draw(flow.getState());
  };
  show();
  const unsubscribe = flow.subscribe((state, last) => {
    const same = state.transform === last.transform && state.width === last.width && state.height === last.height;
    if (!same && frame === 0) frame = requestAnimationFrame(show);
  });
  return () => {
    cancelAnimationFrame(frame);
    unsubscribe();
  };
}
