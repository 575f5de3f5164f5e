import { nodeLabel } from '../graph/blocks.ts';
import type { GraphDocument, PortRef } from '../graph/document.ts';
import { reaches } from '../graph/topology.ts';
import { formatShape } from '../ir/shape.ts';
import { LayerError } from '../layers/defineLayer.ts';
import type { GraphInference } from './infer.ts';
import { tryInfer } from './inferLayers.ts';
import { wireTypeError } from './wireTypes.ts';

/** `warning`: the wire may be drawn, and the layer will then offer a quick fix for this. */
export type ConnectionCheck =
  | { readonly ok: true; readonly warning?: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Whether a wire may be drawn from an output to an input, for use while it is being drawn. A wire into a port that is
 * taken replaces the one there.
 */
export function canConnect(
  document: GraphDocument,
  source: PortRef,
  target: PortRef,
  inference: GraphInference,
): ConnectionCheck {
  const from = document.nodes[source.node];
  const to = document.nodes[target.node];
  if (!from || !to) return refuse('There is no such layer.');
  if (source.node === target.node) return refuse(`${nodeLabel(to, document.blocks)} can't feed itself.`);
  const giver = inference.nodes[source.node];
  const taker = inference.nodes[target.node];
  if (!taker?.definition || !giver?.definition) return refuse('This program does not know that layer.');
  const output = giver.definition.outputs.findIndex(({ name }) => name === source.port);
  if (output < 0) return refuse(`${nodeLabel(from, document.blocks)} has no output "${source.port}".`);
  const port = taker.definition.inputs.find(({ name }) => name === target.port);
  if (!port) return refuse(`${nodeLabel(to, document.blocks)} has no input "${target.port}".`);
  const wires = Object.values(document.edges);
  const isSame = wires.some(
    (edge) =>
      edge.source.node === source.node &&
      edge.source.port === source.port &&
      edge.target.node === target.node &&
      edge.target.port === target.port,
  );
  if (isSame && !port.many) return refuse('These two are joined already.');
  if (reaches(document, target.node, source.node)) {
    return refuse(
      `Data would run in a circle: ${nodeLabel(from, document.blocks)} already depends on ${nodeLabel(to, document.blocks)}.`,
    );
  }
  const given = giver.inference?.outputs[output];
  if (!given) return { ok: true };
  const typeError = wireTypeError(taker.definition, [port.name], [giver.inference?.dtypes?.[output] ?? 'f32']);
  if (typeError) {
    return typeError.fixes.length > 0 ? { ok: true, warning: typeError.message } : refuse(typeError.message);
  }

  // What the layer would receive: this wire in its place, all others as they are.
  const inputs = taker.definition.inputs.flatMap(({ name, many }) => {
    const here = taker.sources.flatMap(({ edge }, i) =>
      document.edges[edge]?.target.port === name ? [taker.inputs[i]] : [],
    );
    if (name !== target.port) return here.length > 0 ? here : [undefined];
    return many ? [...here, given] : [given];
  });
  const known = inputs.filter((shape) => shape !== undefined);
  if (known.length < inputs.length) return { ok: true };
  const result = tryInfer(taker.definition, known, taker.parameters, inference.data);
  if (!(result instanceof LayerError)) return { ok: true };
  // A join that still waits for its second wire is no mistake; nor is what one click mends.
  if (port.many && known.length < 2) return { ok: true };
  if (result.fixes.length > 0) return { ok: true, warning: result.message };
  return refuse(`${result.message} (${nodeLabel(from, document.blocks)} gives ${formatShape(given)}.)`);
}

function refuse(reason: string): ConnectionCheck {
  return { ok: false, reason };
}
