import type { KernelNode } from './kernelGraph.ts';

/** A way to merge kernels: the nodes after the first place from `from` on where it works, and that place. */
export type Rule = (
  nodes: readonly KernelNode[],
  from: number,
) => { readonly nodes: readonly KernelNode[]; readonly at: number } | undefined;

/** Applies a rule from the first node to the last, wherever it works; the same array if nowhere. */
export function sweep(nodes: readonly KernelNode[], rule: Rule): readonly KernelNode[] {
  let current = nodes;
  for (let from = 0; ; ) {
    const next = rule(current, from);
    if (!next) return current;
    current = next.nodes;
    from = next.at;
  }
}

/** For each value, the places of the nodes that read it. */
export function readersOf(nodes: readonly KernelNode[]): Map<number, number[]> {
  const readers = new Map<number, number[]>();
  for (const [at, { operands }] of nodes.entries()) {
    for (const { root } of operands) {
      const known = readers.get(root);
      if (!known) readers.set(root, [at]);
      else if (known[known.length - 1] !== at) known.push(at);
    }
  }
  return readers;
}
