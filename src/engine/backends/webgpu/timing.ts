/** Dispatches that one query set can time: WebGPU allows 4,096 queries in a set. */
const IN_A_SET = 2048;
const NANOSECONDS = 1e6;

/**
 * Runs dispatches in order and measures each: by the GPU's own clock where the device has `timestamp-query` (browsers round
 * it, Chrome to 65.536 µs), else by the time from its submission until the queue is idle.
 * @returns milliseconds, one number a dispatch
 */
export async function timeDispatches(
  device: GPUDevice,
  count: number,
  encode: (pass: GPUComputePassEncoder, dispatch: number) => void,
): Promise<number[]> {
  const times: number[] = [];
  if (!device.features.has('timestamp-query')) {
    await device.queue.onSubmittedWorkDone();
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      encode(pass, i);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      times.push(performance.now() - start);
    }
    return times;
  }
  for (let first = 0; first < count; first += IN_A_SET) {
    times.push(...(await timeSet(device, first, Math.min(count - first, IN_A_SET), encode)));
  }
  return times;
}

/** A pass for each dispatch, because timestamps are written where passes begin and end. */
async function timeSet(
  device: GPUDevice,
  first: number,
  count: number,
  encode: (pass: GPUComputePassEncoder, dispatch: number) => void,
): Promise<number[]> {
  const size = 16 * count;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * count });
  const resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const readable = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  try {
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < count; i++) {
      const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
      const pass = encoder.beginComputePass({ timestampWrites });
      encode(pass, first + i);
      pass.end();
    }
    encoder.resolveQuerySet(querySet, 0, 2 * count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
    device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const stamps = new BigUint64Array(readable.getMappedRange());
    // A clock may be reset between two stamps, when the GPU sleeps: that is no negative time.
    return Array.from({ length: count }, (_, i) =>
      Math.max(0, Number((stamps[2 * i + 1] as bigint) - (stamps[2 * i] as bigint)) / NANOSECONDS),
    );
  } finally {
    querySet.destroy();
    resolved.destroy();
    readable.destroy();
  }
}
