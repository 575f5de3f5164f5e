import { type LucideIcon, RotateCcw, SquareArrowOutUpRight, SquareFunction } from 'lucide-react';
import {
  canExpose,
  changedParameters,
  currentField,
  type Field,
  hasFormula,
  isChanged,
  isExposed,
  resetParameter,
  resetParameters,
  takesFormula,
  toggleExposed,
  toggleFormula,
} from '../stores/parameterEdits.ts';
import { parameterLabel } from '../ui/format.ts';
import type { Command } from './command.ts';

/** What can be done with one parameter: its buttons in the inspector are drawn from this, and so are the commands. */
export interface ParameterAction {
  readonly id: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly keys: readonly string[];
  readonly possible: (field: Field) => boolean;
  /** For what is on or off. */
  readonly isOn?: (field: Field) => boolean;
  readonly apply: (field: Field) => void;
}

export const parameterActions: readonly ParameterAction[] = [
  {
    id: 'parameter-expose',
    label: 'Let each use of the block set it',
    icon: SquareArrowOutUpRight,
    keys: ['$mod+Alt+KeyE'],
    possible: canExpose,
    isOn: isExposed,
    apply: toggleExposed,
  },
  {
    id: 'parameter-formula',
    label: 'Follow a formula',
    icon: SquareFunction,
    keys: ['$mod+Alt+KeyF'],
    possible: takesFormula,
    isOn: hasFormula,
    apply: toggleFormula,
  },
  {
    id: 'parameter-reset',
    label: 'Reset to the default',
    icon: RotateCcw,
    keys: ['$mod+Alt+KeyR'],
    possible: isChanged,
    apply: resetParameter,
  },
];

/** About the field of the inspector that has the focus, or had it last. */
const command = ({ id, label, icon, keys, possible, isOn, apply }: ParameterAction): Command => ({
  id,
  label,
  group: 'Edit',
  icon,
  keys,
  whileTyping: true,
  detail: () => {
    const field = currentField();
    return field && parameterLabel(field.name);
  },
  enabled: () => {
    const field = currentField();
    return field !== undefined && possible(field);
  },
  ...(isOn && {
    checked: () => {
      const field = currentField();
      return field !== undefined && isOn(field);
    },
  }),
  run: () => {
    const field = currentField();
    if (field) apply(field);
  },
});

export const resetAll: Command = {
  id: 'reset-parameters',
  label: 'Reset all parameters',
  group: 'Edit',
  icon: RotateCcw,
  enabled: () => changedParameters().length > 0,
  run: resetParameters,
};

export const parameterCommands: readonly Command[] = [...parameterActions.map(command), resetAll];
