import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import { useStore } from 'zustand';
import type { NodeInference } from '../../engine/compiler/infer.ts';
import { REPEAT, TIME_DISTRIBUTED } from '../../engine/graph/blocks.ts';
import type { Diagnostic } from '../../engine/graph/diagnostic.ts';
import type { GraphNode } from '../../engine/graph/document.ts';
import type { InputPort } from '../../engine/layers/defineLayer.ts';
import { requiredPorts } from '../../engine/layers/ports.ts';
import { messages, translate } from '../i18n/language.ts';
import { datasetsStore } from '../stores/datasets.ts';
import { documentStore } from '../stores/document.ts';
import { applyFix, graphStore } from '../stores/graph.ts';
import { profileStore } from '../stores/profile.ts';
import { byteSize, compactNumber, milliseconds, shapeText, wholeNumber } from '../ui/format.ts';
import { layerIcon } from '../ui/layerIcon.ts';
import { costOf } from './nodeCost.ts';

export type FlowNode = Node<
  {
    readonly node: GraphNode;
    readonly facts: NodeInference | undefined;
    readonly diagnostics: readonly Diagnostic[];
    /** Whether a wire that is being drawn would fit here; undefined while none is drawn. */
    readonly fits: boolean | undefined;
    /** Whether data flows down, not to the right. */
    readonly down: boolean;
  },
  'layer'
>;

/** Every layer on the canvas: drawn from its definition alone. */
export const LayerNode = memo(function LayerNode({ data, selected }: NodeProps<FlowNode>) {
  const { node, facts, diagnostics, fits, down } = data;
  const side = down ? 'left' : 'top';
  const definition = facts?.definition;
  const Icon = layerIcon(definition?.icon);
  const category = `var(--category-${(definition?.category ?? 'joining').toLowerCase()})`;
  const worst = diagnostics.find(({ severity }) => severity === 'error') ?? diagnostics[0];
  const outputs = facts?.inference?.outputs;
  const multiplyAdds = facts?.inference?.multiplyAdds ?? 0;
  const isBlock = node.block !== undefined;
  return (
    <div
      data-testid={`node-${node.type}`}
      style={{ '--category': category } as CSSProperties}
      className={`layer-node relative w-[200px] rounded-lg border bg-surface ${isBlock ? 'block-node' : ''} shadow-sm transition-[opacity,box-shadow,border-color] ${
        selected
          ? 'border-accent shadow-[0_0_0_1px_var(--accent)]'
          : worst?.severity === 'error'
            ? 'border-danger'
            : 'border-line hover:border-faint'
      } ${fits === false ? 'opacity-40' : ''} ${fits ? 'fits' : ''}`}
    >
      {node.color && (
        <span
          aria-hidden
          className="absolute inset-x-2.5 top-0 h-[3px] rounded-b-full"
          style={{ background: `var(--tag-${node.color})` }}
        />
      )}
      <div className="flex items-center gap-2 px-2.5 pt-2">
        <span
          aria-hidden
          className="grid size-6 shrink-0 place-items-center rounded-md"
          style={{ background: 'color-mix(in srgb, var(--category) 15%, transparent)', color: category }}
        >
          <Icon size={14} strokeWidth={2} />
        </span>
        <span className="min-w-0 flex-1 truncate text-[13px] font-semibold text-ink">
          {node.name ?? definition?.title ?? node.type}
        </span>
        {typeof facts?.parameters[REPEAT] === 'number' && facts.parameters[REPEAT] > 1 && (
          <span
            title={messages().blocks.repeated(facts.parameters[REPEAT])}
            className="shrink-0 rounded bg-raised px-1 text-[11px] leading-4 font-semibold text-ink"
          >
            ×{facts.parameters[REPEAT]}
          </span>
        )}
        {facts?.parameters[TIME_DISTRIBUTED] === true && isBlock && (
          <span
            title={messages().blocks.eachStep}
            className="shrink-0 rounded bg-raised px-1 text-[11px] leading-4 font-semibold text-ink"
          >
            t
          </span>
        )}
        {worst && <DiagnosticMark severity={worst.severity} count={diagnostics.length} />}
      </div>
      <p className="flex justify-between gap-1.5 px-2.5 pt-1 text-[11px] leading-4 text-muted">
        <Subtitle facts={facts} />
        {multiplyAdds > 0 && (
          <span
            className="shrink-0 text-[10px] tabular-nums"
            title={messages().status.multiplyAdds(wholeNumber(multiplyAdds))}
          >
            {messages().canvas.multiplyAdds(compactNumber(multiplyAdds))}
          </span>
        )}
      </p>
      <div className="flex items-center justify-between gap-1.5 px-2.5 pt-1 pb-2 text-[11px] leading-4">
        <span className="min-w-0 truncate font-mono text-ink">{outputs ? shapeText(outputs[0]) : '–'}</span>
        {facts && facts.totalParameters > 0 && (
          <span
            className="shrink-0 text-[10px] text-muted tabular-nums"
            title={messages().status.parameters(wholeNumber(facts.totalParameters))}
          >
            {messages().canvas.parameters(compactNumber(facts.totalParameters))}
          </span>
        )}
      </div>
      <CostBars node={node.id} />
      {worst && selected && <DiagnosticCard diagnostic={worst} />}
      {definition?.inputs.map(({ name, optional }, i) => (
        <Handle
          key={name}
          id={name}
          type="target"
          position={down ? Position.Top : Position.Left}
          role="img"
          aria-label={optional ? messages().canvas.optionalInput(name) : messages().canvas.input(name)}
          title={optional ? messages().canvas.optionalInput(name) : undefined}
          className={optional ? 'optional' : ''}
          style={{ [side]: `${portPlace(i, definition.inputs)}%` }}
        />
      ))}
      {definition?.outputs.map(({ name }, i) => (
        <Handle
          key={name}
          id={name}
          type="source"
          position={down ? Position.Bottom : Position.Right}
          role="img"
          aria-label={messages().canvas.output(name)}
          style={{ [side]: `${portPlace(i, definition.outputs)}%` }}
        />
      ))}
      {!definition && (
        <>
          <Handle id="input" type="target" position={Position.Left} isConnectable={false} />
          <Handle id="output" type="source" position={Position.Right} isConnectable={false} />
        </>
      )}
    </div>
  );
});

/** What says most of the layer: its parameters, of the input what comes in, else of which kind it is. */
function Subtitle({ facts }: { readonly facts: NodeInference | undefined }) {
  const definition = facts?.definition;
  const text = !definition
    ? messages().canvas.unknown
    : definition.role === 'input'
      ? undefined
      : parameterLine(facts) || translate(definition.category);
  return text === undefined ? (
    <DataTitle />
  ) : (
    <span title={text} className="min-w-0 truncate">
      {text}
    </span>
  );
}

/** The data set that the model is trained on. */
function DataTitle() {
  const chosen = useStore(documentStore, ({ document }) => document.data.dataset);
  const title = useStore(datasetsStore, ({ entries }) => entries?.find(({ id }) => id === chosen)?.title);
  return <span className="min-w-0 truncate">{title ?? chosen}</span>;
}

/** How much of a training step's time and memory this layer takes, where that is shown. */
function CostBars({ node }: { readonly node: string }) {
  const path = useStore(graphStore, (state) => state.path);
  const shown = useStore(profileStore, (state) => (state.shown ? state.profile : undefined));
  if (!shown) return null;
  const cost = costOf(shown, [...path, node].join('.'));
  // All layers are as high as before beside each other, so that wires stay straight.
  if (!cost) return <div className="h-10" />;
  const words = messages().canvas;
  const share = percent(cost.share);
  const memory = byteSize(cost.weightBytes + cost.resultBytes);
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-2 px-2.5 pb-2 text-[11px] leading-4 text-muted">
      <Bar
        label={words.ofStep(share)}
        title={`${milliseconds(cost.milliseconds)}, ${words.ofStep(share)}`}
        color="bg-warning"
        share={cost.share}
      />
      <span className="text-right tabular-nums">{share}</span>
      <Bar
        label={words.ofMemory(percent(cost.memoryShare))}
        title={words.memory(byteSize(cost.weightBytes), byteSize(cost.resultBytes))}
        color="bg-accent"
        share={cost.memoryShare}
      />
      <span className="text-right tabular-nums">{memory}</span>
    </div>
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;

function Bar(props: {
  readonly label: string;
  readonly title: string;
  readonly color: string;
  readonly share: number;
}) {
  return (
    <span
      role="img"
      aria-label={props.label}
      title={props.title}
      className="h-1 min-w-0 overflow-hidden rounded-full bg-raised"
    >
      <span className={`block h-full rounded-full ${props.color}`} style={{ width: percent(props.share) }} />
    </span>
  );
}

function DiagnosticMark(props: { readonly severity: Diagnostic['severity']; readonly count: number }) {
  const error = props.severity === 'error';
  const Icon = error ? CircleAlert : TriangleAlert;
  return (
    <span
      role="img"
      aria-label={error ? messages().status.problems(props.count) : messages().status.warnings(props.count)}
      className={error ? 'text-danger' : 'text-warning'}
    >
      <Icon aria-hidden size={15} />
    </span>
  );
}

/** What is wrong and the button that mends it, under the layer that it is about. */
function DiagnosticCard({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  return (
    <div
      role="alert"
      className="nodrag nopan absolute inset-x-0 top-full z-10 mt-2 rounded-lg border border-line bg-surface p-2.5 text-xs leading-snug text-ink shadow-lg"
    >
      <p>{translate(diagnostic.message)}</p>
      {diagnostic.fixes.length > 0 && (
        <div className="mt-2 flex flex-wrap gap-1.5">
          {diagnostic.fixes.map(({ label }) => (
            <button
              key={label}
              type="button"
              onClick={() => applyFix(diagnostic, label)}
              className="rounded-md bg-primary px-2 py-1 text-left text-xs font-medium text-primary-ink outline-none hover:brightness-110 focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-offset-1"
            >
              {translate(label)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Where a port stands, in percent of the node's height: a single one that is needed in the middle, whatever may follow. */
export function portPlace(index: number, ports: readonly Pick<InputPort, 'name' | 'optional'>[]): number {
  const single = requiredPorts(ports).length === 1 && ports.length > 1;
  if (!single) return ((index + 1) * 100) / (ports.length + 1);
  return index === 0 ? 50 : 50 + (index * 50) / ports.length;
}

/** The parameters that say most: those that were set, else the first ones. */
function parameterLine(facts: NodeInference): string {
  const { definition, parameters } = facts;
  const entries = Object.entries(definition?.parameters ?? {}).flatMap(([name, spec], place) => {
    const value = parameters[name];
    if (spec.kind === 'boolean' || spec.kind === 'autoInteger' || value === undefined || value === null) return [];
    // Sizes of 0 stand for "none" or "as usual": nothing to tell.
    if (Array.isArray(value) && value.every((size) => size === 0)) return [];
    return [
      {
        name,
        text: Array.isArray(value) ? squeeze(value) : typeof value === 'number' ? shortNumber(value) : String(value),
        // The first two say what the layer is; of the others, and of a loss, only what was changed is worth the room.
        telling: (place < 2 && definition?.role !== 'loss') || JSON.stringify(value) !== JSON.stringify(spec.default),
      },
    ];
  });
  return entries
    .filter(({ telling }) => telling)
    .slice(0, 3)
    .map(({ name, text }) => `${shortName(name)} ${text}`)
    .join(' · ');
}

/** As many digits as there is room for. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(4)));

function squeeze(values: readonly number[]): string {
  return values.length === 2 && values[0] === values[1] ? `${values[0]}×${values[1]}` : values.join('×');
}

function shortName(name: string): string {
  return name
    .replace('outChannels', 'filters')
    .replace('outFeatures', 'units')
    .replace('kernelSize', 'kernel')
    .replace('hiddenSize', 'units')
    .replace(/^padding$/, 'pad');
}
