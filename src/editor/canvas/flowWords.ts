import type { ReactFlowProps } from '@xyflow/react';
import { messages } from '../i18n/language.ts';

type FlowWords = NonNullable<ReactFlowProps['ariaLabelConfig']>;

/** What React Flow says of its own to those who listen, in the language of the page. */
export function flowWords(): FlowWords {
  const { flow } = messages().canvas;
  return {
    'node.a11yDescription.default': flow.node,
    'node.a11yDescription.keyboardDisabled': flow.node,
    'node.a11yDescription.ariaLiveMessage': ({ x, y }) => flow.moved(Math.round(x), Math.round(y)),
    'edge.a11yDescription.default': flow.wire,
    'handle.ariaLabel': flow.port,
  };
}
