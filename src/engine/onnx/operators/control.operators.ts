import { concat, reshape, sliceAxis } from '../compose.ts';
import { defineOperators } from '../defineOperators.ts';
import type { GraphTensor } from '../graphTensor.ts';
import type { OperatorContext } from '../operatorContext.ts';

/** Bodies are unrolled. */
const MOST_ROUNDS = 1024;

/** One more axis of size 1. */
function lifted(node: OperatorContext, { elementType, value }: GraphTensor, axis: number): GraphTensor {
  const shape = [...value.type.shape];
  shape.splice(axis, 0, 1);
  return node.as(elementType, reshape(node.emit, value, shape));
}

/** Tensors of one shape along a new axis. */
function stacked(node: OperatorContext, tensors: readonly GraphTensor[], axis: number): GraphTensor {
  const first = tensors[0];
  if (!first) return node.unsupported('results of no rounds');
  const rank = first.shape.length + 1;
  const place = node.axis(axis, rank);
  const values = tensors.map((tensor) => lifted(node, tensor, place).value);
  return node.as(first.elementType, concat(node.emit, values, place));
}

function slice(node: OperatorContext, { elementType, value }: GraphTensor, axis: number, at: number): GraphTensor {
  const piece = sliceAxis(node.emit, value, axis, at, 1);
  return node.as(
    elementType,
    reshape(
      node.emit,
      piece,
      value.type.shape.filter((_, own) => own !== axis),
    ),
  );
}

interface ScanParts {
  readonly states: readonly GraphTensor[];
  readonly inputs: readonly GraphTensor[];
}

function scanned(node: OperatorContext, { states, inputs }: ScanParts): GraphTensor[] {
  const body = node.graph('body');
  const axes = inputs.map((input, i) => node.axis(node.ints('scan_input_axes')?.[i] ?? 0, input.shape.length));
  const rounds = inputs[0]?.shape[axes[0] as number] ?? node.refuse('it scans nothing');
  if (rounds > MOST_ROUNDS) node.unsupported(`${rounds} rounds, at most ${MOST_ROUNDS}`);
  const collected: GraphTensor[][] = body.outputs.slice(states.length).map(() => []);
  let current = [...states];
  for (let round = 0; round < rounds; round++) {
    const slices = inputs.map((input, i) => {
      const backwards = node.ints('scan_input_directions')?.[i] === 1;
      return slice(node, input, axes[i] as number, backwards ? rounds - 1 - round : round);
    });
    const results = node.run(body, [...current, ...slices]);
    current = results.slice(0, states.length);
    for (const [i, result] of results.slice(states.length).entries()) collected[i]?.push(result);
  }
  const sequences = collected.map((tensors, i) => {
    const ordered = node.ints('scan_output_directions')?.[i] === 1 ? tensors.reverse() : tensors;
    return stacked(node, ordered, node.ints('scan_output_axes')?.[i] ?? 0);
  });
  return [...current, ...sequences];
}

function scan(node: OperatorContext): GraphTensor[] {
  const first = node.opset < 9 ? 1 : 0;
  const count = node.int('num_scan_inputs', 0);
  const tensors = Array.from({ length: node.inputCount - first }, (_, i) => node.tensor(first + i));
  const parts = (own: readonly GraphTensor[]): ScanParts => ({
    states: own.slice(0, own.length - count),
    inputs: own.slice(own.length - count),
  });
  if (node.opset >= 9) return scanned(node, parts(tensors));
  // Before opset 9 everything has a batch axis first.
  if (node.has(0)) node.unsupported('sequence_lens');
  const batch = tensors[0]?.shape[0] ?? node.refuse('it has no inputs');
  const samples = Array.from({ length: batch }, (_, sample) =>
    scanned(node, parts(tensors.map((tensor) => slice(node, tensor, 0, sample)))),
  );
  return (samples[0] ?? node.refuse('an empty batch')).map((_, k) =>
    stacked(
      node,
      samples.map((outputs) => outputs[k] as GraphTensor),
      0,
    ),
  );
}

function loop(node: OperatorContext): GraphTensor[] {
  const body = node.graph('body');
  const most = node.has(0) ? node.number(0) : Number.POSITIVE_INFINITY;
  let going = node.has(1) ? node.number(1) !== 0 : true;
  let states = Array.from({ length: Math.max(0, node.inputCount - 2) }, (_, i) => node.tensor(2 + i));
  const collected: GraphTensor[][] = body.outputs.slice(1 + states.length).map(() => []);
  for (let round = 0; going && round < most; round++) {
    if (round >= MOST_ROUNDS) node.unsupported(`more than ${MOST_ROUNDS} rounds`);
    const head = [node.constant('int64', [], [round]), node.constant('bool', [], [1])];
    const [condition, ...results] = node.run(body, [...head, ...states]);
    going = node.numbersOf(condition as GraphTensor, 'its condition')[0] !== 0;
    const count = states.length;
    states = results.slice(0, count);
    for (const [i, result] of results.slice(count).entries()) collected[i]?.push(result);
  }
  return [...states, ...collected.map((tensors) => stacked(node, tensors, 0))];
}

/** https://onnx.ai/onnx/operators/ — control flow, unrolled when the model is imported. */
export default defineOperators('moves', {
  If: (node) => node.run(node.graph(node.number(0) !== 0 ? 'then_branch' : 'else_branch'), []),
  Loop: loop,
  Scan: scan,
});
