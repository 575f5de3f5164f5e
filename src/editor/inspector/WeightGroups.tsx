import { useId } from 'react';
import { useStore } from 'zustand';
import type { GraphNode, NodeId, OptimizerGroup } from '../../engine/graph/document.ts';
import { messages } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';
import { FieldRow } from '../ui/fields/FieldRow.tsx';
import { fieldClass } from '../ui/fields/fieldClass.ts';

// One object: a new one each time would never be the same as before.
const NO_GROUPS: readonly OptimizerGroup[] = [];

/** Which optimizer trains a layer, or belongs to a loss, where the document has several; whose weights a layer shares. */
export function WeightGroups({ node, isLoss }: { readonly node: GraphNode; readonly isLoss: boolean }) {
  const groups = useStore(documentStore, ({ document }) => document.training.groups ?? NO_GROUPS);
  const nodes = useStore(documentStore, ({ document }) => document.nodes);
  const { dispatch } = documentStore.getState();
  const words = messages().groups;
  const key = isLoss ? 'losses' : 'nodes';
  const owners = (Object.values(nodes) as GraphNode[]).filter(
    ({ id, type, shares }) => type === node.type && id !== node.id && !shares,
  );
  const place = groups.findIndex((group) => group[key].includes(node.id));
  return (
    <>
      {groups.length > 0 && !node.shares && (
        <Choice
          label={words.trainedBy}
          value={String(place)}
          options={[['-1', words.others], ...groups.map(({ name }, i): [string, string] => [String(i), name])]}
          onChange={(chosen) =>
            dispatch({ kind: 'setTraining', training: { groups: moved(groups, key, node.id, Number(chosen)) } })
          }
        />
      )}
      {!isLoss && (owners.length > 0 || node.shares) && (
        <Choice
          label={words.shares}
          value={node.shares ?? ''}
          options={[['', words.own], ...owners.map(({ id, name }): [string, string] => [id, name ?? id])]}
          onChange={(chosen) =>
            dispatch({ kind: 'shareWeights', node: node.id, shares: chosen === '' ? undefined : (chosen as NodeId) })
          }
        />
      )}
    </>
  );
}

function moved(groups: readonly OptimizerGroup[], key: 'nodes' | 'losses', id: NodeId, to: number): OptimizerGroup[] {
  return groups.map((group, i) => {
    const others = group[key].filter((own) => own !== id);
    return { ...group, [key]: i === to ? [...others, id] : others };
  });
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <FieldRow id={id} label={props.label} help="">
      <select
        id={id}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        className={fieldClass}
      >
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </FieldRow>
  );
}
