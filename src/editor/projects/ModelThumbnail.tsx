import type { ModelPicture } from '../stores/projects/picture.ts';

/** Size of a layer on the canvas, in its units. */
const NODE = { width: 200, height: 92 };
const MARGIN = 60;

/** A model drawn small: its layers where they stand on the canvas, in the colours of their categories. */
export function ModelThumbnail({ picture }: { readonly picture: ModelPicture }) {
  const { nodes, edges } = picture;
  const xs = nodes.map(({ x }) => x);
  const ys = nodes.map(({ y }) => y);
  const [left, top] = [Math.min(...xs, 0) - MARGIN, Math.min(...ys, 0) - MARGIN];
  const width = Math.max(...xs, 0) + NODE.width + MARGIN - left;
  const height = Math.max(...ys, 0) + NODE.height + MARGIN - top;
  const stroke = Math.max(width, height * 2) / 130;
  return (
    <svg
      aria-hidden
      viewBox={`${left} ${top} ${width} ${height}`}
      preserveAspectRatio="xMidYMid meet"
      className="h-24 w-full bg-canvas p-2"
    >
      {edges.map(([from, to]) => {
        const [a, b] = [nodes[from], nodes[to]];
        if (!a || !b) return null;
        return <path key={`${from}-${to}`} d={wire(a, b)} fill="none" stroke="var(--faint)" strokeWidth={stroke} />;
      })}
      {nodes.map(({ x, y, category }, i) => (
        <g key={i} style={{ color: `var(--category-${category}, var(--faint))` }}>
          <rect
            x={x}
            y={y}
            width={NODE.width}
            height={NODE.height}
            rx={16}
            strokeWidth={stroke}
            style={{
              fill: 'color-mix(in srgb, currentColor 14%, var(--surface))',
              stroke: 'color-mix(in srgb, currentColor 45%, var(--surface))',
            }}
          />
          <rect x={x + 20} y={y + 20} width={NODE.height - 40} height={NODE.height - 40} rx={12} fill="currentColor" />
        </g>
      ))}
    </svg>
  );
}

type Place = ModelPicture['nodes'][number];

/** From the right side of one layer to the left side of another; backwards it goes between the rows. */
function wire(from: Place, to: Place): string {
  const [x, y] = [from.x + NODE.width, from.y + NODE.height / 2];
  const [endX, endY] = [to.x, to.y + NODE.height / 2];
  if (endX >= x) {
    const bend = Math.max(20, (endX - x) / 2);
    return `M${x} ${y}C${x + bend} ${y} ${endX - bend} ${endY} ${endX} ${endY}`;
  }
  return `M${x} ${y}h24V${(y + endY) / 2}H${endX - 24}V${endY}h24`;
}
