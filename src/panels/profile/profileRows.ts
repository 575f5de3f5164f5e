import { messages } from '../../editor/i18n/language.ts';
import { blockOf, nodeLabel, REPEAT } from '../../engine/graph/blocks.ts';
import type { GraphDocument, GraphNode } from '../../engine/graph/document.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import type { RunProfile } from '../../workers/protocol.ts';

export interface ProfileRow {
  readonly key: string;
  readonly title: string;
  readonly milliseconds: number;
  /** Of the step, 0 to 1. */
  readonly share: number;
  readonly flops: number;
  readonly bytes: number;
  /** Of weights, of what the optimizer keeps for them, and of results. */
  readonly memory: number;
}

export interface LayerRow extends ProfileRow {
  readonly kernels: readonly ProfileRow[];
}

/** A row a layer, slowest first, under the names that the run's document has for them. */
export function profileRows(profile: RunProfile, document: GraphDocument | undefined): LayerRow[] {
  const total = profile.kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return profile.layers.map(({ node, kernels, weightBytes, resultBytes, ...numbers }) => ({
    ...numbers,
    memory: weightBytes + resultBytes,
    key: node ?? '',
    title: node === undefined ? messages().profile.rest : titleOf(node, document),
    kernels: kernels.flatMap((number) => {
      const kernel = profile.kernels[number];
      if (!kernel) return [];
      const { label, milliseconds, flops, bytes, resultBytes: memory } = kernel;
      const share = total > 0 ? milliseconds / total : 0;
      return [{ key: String(number), title: label, milliseconds, share, flops, bytes, memory }];
    }),
  }));
}

/** `12.3 GFLOP/s`; a dash where nothing is computed or the clock saw no time pass. */
export function rate(flops: number, milliseconds: number): string {
  if (flops === 0 || milliseconds === 0) return '–';
  return `${(flops / milliseconds / 1e6).toPrecision(3)} GFLOP/s`;
}

/** `Residual 2 › Conv2d (conv1)`: names along the way, with the number of the repetition where there are several. */
function titleOf(id: string, document: GraphDocument | undefined): string {
  const parts = id.split('.');
  let nodes: Readonly<Record<string, GraphNode>> = document?.nodes ?? {};
  const names: string[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const node = nodes[parts[i] ?? ''];
    if (!document || !node) return id;
    const block = blockOf(node, document.blocks);
    const repeats = Number(node.parameters[REPEAT] ?? 1) > 1;
    if (block) names.push(`${nodeLabel(node, document.blocks)}${repeats ? ` ${Number(parts[i + 1]) + 1}` : ''}`);
    else names.push(node.name ?? `${findLayer(node.type)?.title ?? node.type} (${node.id})`);
    nodes = block?.nodes ?? {};
  }
  return names.join(' › ');
}
