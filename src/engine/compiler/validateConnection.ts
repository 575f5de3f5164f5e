import { nodeLabel } from '../graph/blocks.ts';
import type { EdgeId, GraphDocument, PortRef } from '../graph/document.ts';
import { edgesByTarget, upstream } from '../graph/topology.ts';
import { formatShape } from '../ir/shape.ts';
import type { Shape } from '../ir/types.ts';
import { type InputPort, LayerError, type PlacedDefinition } from '../layers/defineLayer.ts';
import type { GraphInference, NodeInference } from './infer.ts';
import { tryInfer } from './layerMemo.ts';
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
  const isSame = edgesByTarget(document)
    .get(target.node)
    ?.some(
      (edge) =>
        edge.source.node === source.node && edge.source.port === source.port && edge.target.port === target.port,
    );
  if (isSame && !port.many) return refuse('These two are joined already.');
  if (upstream(document, source.node).has(target.node)) {
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
  const { known, ports, complete } = receivedWith(taker.definition, taker, ({ name, many }, here) => {
    if (name !== target.port) return here;
    return many ? [...here, given] : [given];
  });
  if (!complete) return { ok: true };
  const result = tryInfer(taker.definition, known, taker.parameters, inference.data, ports);
  if (!(result instanceof LayerError)) return { ok: true };
  // A join that still waits for its second wire is no mistake; nor is what one click mends.
  if (port.many && known.length < 2) return { ok: true };
  if (result.fixes.length > 0) return { ok: true, warning: result.message };
  return refuse(`${result.message} (${nodeLabel(from, document.blocks)} gives ${formatShape(given)}.)`);
}

/**
 * The shapes that a node would receive if the wires at its ports were others: `at` gives those of each port, told those
 * that are there now. Not complete where one is not known yet, or a port that is needed has none.
 */
export function receivedWith(
  { inputs }: Pick<PlacedDefinition, 'inputs'>,
  reader: Pick<NodeInference, 'inputs' | 'ports' | 'sources'>,
  at: (port: InputPort, here: (Shape | undefined)[], edges: readonly EdgeId[]) => (Shape | undefined)[],
): { readonly known: readonly Shape[]; readonly ports: readonly string[]; readonly complete: boolean } {
  const received = inputs.flatMap((port) => {
    const own = reader.sources.flatMap(({ edge }, i) => (reader.ports[i] === port.name ? [{ edge, i }] : []));
    const shapes = at(
      port,
      own.map(({ i }) => reader.inputs[i]),
      own.map(({ edge }) => edge),
    );
    const none = port.optional ? [] : [undefined];
    return (shapes.length > 0 ? shapes : none).map((shape) => ({ shape, port: port.name }));
  });
  const known = received.flatMap(({ shape }) => (shape ? [shape] : []));
  return { known, ports: received.map(({ port }) => port), complete: known.length === received.length };
}

function refuse(reason: string): ConnectionCheck {
  return { ok: false, reason };
}
