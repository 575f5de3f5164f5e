import type { InputPort } from './defineLayer.ts';

/** The ports that a layer can't do without. */
export function requiredPorts<Port extends Pick<InputPort, 'name' | 'optional'>>(
  inputs: readonly Port[],
): readonly Port[] {
  return inputs.filter(({ optional }) => !optional);
}

/** Which port each of `count` inputs ends at where none are named: the required ones in order, the last for all others. */
export function portsOf(inputs: readonly InputPort[], count: number): readonly string[] {
  const required = requiredPorts(inputs);
  return Array.from({ length: count }, (_, i) => (required[i] ?? required.at(-1))?.name ?? '');
}

/** What comes in at a port; undefined where no wire ends there. `ports` names the port of each input. */
export function inputAt<Input>(port: string, inputs: readonly Input[], ports: readonly string[]): Input | undefined {
  return inputs[ports.indexOf(port)];
}
