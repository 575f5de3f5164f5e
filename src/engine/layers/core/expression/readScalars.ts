import { FormulaError } from './formulaError.ts';
import { FORMULA_CONSTANTS, formulaFunction } from './formulaFunctions.ts';

/** What the wires carry, in order: the first is x. */
export const INPUT_NAMES: readonly string[] = ['x', 'y', 'z', 'w'];

/** A learnable number of a formula. */
export interface Scalar {
  readonly name: string;
  readonly initial: number;
}

const MOST_SCALARS = 32;

/** Attributes of nn.ParameterDict, which holds the scalars in PyTorch: dir(nn.ParameterDict()). */
const TAKEN = new Set(
  `T_destination add_module apply bfloat16 buffers call_super_init children clear compile copy cpu cuda double
  dump_patches eval extra_repr float forward fromkeys get get_buffer get_extra_state get_parameter get_submodule half
  ipu items keys load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters
  pop popitem register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
  register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook
  register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook
  register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule setdefault share_memory state_dict to
  to_empty train training type update values xpu zero_grad`.split(/\s+/),
);

/**
 * Reads `beta = 1, gamma = 0.5`: names and first values; empty text: none.
 * @throws FormulaError with the column
 */
export function readScalars(text: string): Scalar[] {
  if (text.trim() === '') return [];
  const scalars: Scalar[] = [];
  let start = 0;
  for (const part of text.split(',')) {
    const match = /^(\s*)([A-Za-z]\w{0,30})\s*=\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$/.exec(part);
    if (!match) throw new FormulaError(`"${part.trim()}" is not of the form name = number`, start + 1);
    const [, space = '', name = '', number] = match;
    const column = start + space.length + 1;
    if (INPUT_NAMES.includes(name)) throw new FormulaError(`${name} is the name of an input`, column);
    if (formulaFunction(name) || Object.hasOwn(FORMULA_CONSTANTS, name) || TAKEN.has(name)) {
      throw new FormulaError(`${name} has another meaning: choose another name`, column);
    }
    if (scalars.some((known) => known.name === name)) throw new FormulaError(`${name} is given twice`, column);
    if (!Number.isFinite(Math.fround(Number(number)))) throw new FormulaError(`${number} is no finite number`, column);
    scalars.push({ name, initial: Number(number) });
    start += part.length + 1;
  }
  if (scalars.length > MOST_SCALARS) throw new FormulaError(`at most ${MOST_SCALARS} scalars are possible`, 1);
  return scalars;
}
