import type { KernelCall } from '../../../schedule/schedule.ts';
import type { KernelBinding } from '../bindings.ts';
import type { ShaderSource } from '../wgsl/shader.ts';

/** Work for one dispatch, or for a part of one: a shader, what it binds, and its grid of workgroups. */
export interface DeviceKernel {
  readonly source: ShaderSource;
  readonly bindings: readonly KernelBinding[];
  readonly grid: readonly [number, number];
  /** Whether it only brings data into order for the kernel that follows it. */
  readonly prepares?: boolean;
}

/** What a kernel may use of the device. */
export interface DeviceLimits {
  readonly storageBuffers: number;
  /** Memory of a workgroup. */
  readonly workgroupBytes: number;
  /** The adapter is a CPU: workgroup memory and barriers cost time there, long threads do not. */
  readonly software: boolean;
  /** Whether four threads side by side can exchange values: subgroups are there, and of four threads each. */
  readonly quads: boolean;
  /** Names of variants that were measured to be the fastest, by kernel; others go by estimate. */
  readonly choices: ReadonlyMap<string, string>;
}

/** A call whose spec is of one kind. */
export type CallOf<Spec> = Omit<KernelCall, 'spec'> & { readonly spec: Spec };
