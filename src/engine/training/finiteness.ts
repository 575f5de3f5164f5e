import type { Backend, DeviceBuffer } from '../backends/backend.ts';
import type { Program } from '../ir/types.ts';

/** Runs a finiteness program; the first node, in order of computation, with an output that is not finite. */
export async function firstNotFinite(
  backend: Backend,
  program: Program,
  bindings: Readonly<Record<string, DeviceBuffer>>,
): Promise<string | undefined> {
  const shares = Object.fromEntries(program.outputs.map(({ name, value }) => [name, backend.allocate(value.type)]));
  const plan = backend.compile(program).bind({ ...bindings, ...shares });
  plan.run();
  try {
    for (const [name, buffer] of Object.entries(shares)) {
      const [share] = await backend.read(buffer);
      if (share !== 0) return name.slice('node:'.length);
    }
    return undefined;
  } finally {
    plan.dispose();
    for (const buffer of Object.values(shares)) backend.release(buffer);
  }
}
