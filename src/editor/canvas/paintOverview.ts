import type { themeColor } from '../ui/themeColors.ts';
import { overlap, type Rect, type Scene, type Wire } from './overviewScene.ts';

/** What part of the canvas is seen: its corner on the screen, in CSS pixels, the zoom, and the size of the view. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/** See `useThemeColors`. */
export type Colors = typeof themeColor;

/** Titles are larger than on the layers themselves: seen from afar, they fill their block. In canvas units. */
const TITLE = 30;
const INSET = 14;
/** Titles that would be smaller than this on the screen are left away. In CSS pixels. */
const READABLE = 7.5;
const RADIUS = 10;
/** The zoom from which blocks have a border. */
const FRAMED = 0.12;

/** Paths as the browser has read them. */
const shapes = new WeakMap<Wire, Path2D>();

/** A wire's line, to stroke it or to ask whether a point is on it. */
export function shapeOf(wire: Wire): Path2D {
  const known = shapes.get(wire);
  if (known) return known;
  const shape = new Path2D(wire.path);
  shapes.set(wire, shape);
  return shape;
}

interface Lines {
  readonly usual: Path2D;
  readonly broken: Path2D;
  readonly selected: Path2D;
}

/** Wires of a scene as one path for each kind: to stroke a thousand paths takes four times as long as one of as many. */
const lines = new WeakMap<Scene, Lines>();

function linesOf(scene: Scene): Lines {
  const known = lines.get(scene);
  if (known) return known;
  const made = { usual: new Path2D(), broken: new Path2D(), selected: new Path2D() };
  for (const wire of scene.wires) {
    made[wire.selected ? 'selected' : wire.broken ? 'broken' : 'usual'].addPath(shapeOf(wire));
  }
  lines.set(scene, made);
  return made;
}

/**
 * Draws a model as it is seen from afar: a block for each layer, in the colour of its category, and the wires.
 *
 * @param context scaled so that its units are CSS pixels
 * @param pointed id of the layer under the pointer
 * @param font the families of titles, as in a style sheet
 */
export function paintOverview(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  pointed: string | undefined,
  colors: Colors,
  font: string,
): void {
  const { zoom, width, height } = view;
  context.clearRect(0, 0, width, height);
  context.save();
  context.translate(view.x, view.y);
  context.scale(zoom, zoom);
  const seen: Rect = { x: -view.x / zoom, y: -view.y / zoom, width: width / zoom, height: height / zoom };

  const { usual, broken, selected } = linesOf(scene);
  const stroke = (lines: Path2D, token: string, thickness: number): void => {
    context.strokeStyle = colors(token);
    context.lineWidth = thickness;
    context.stroke(lines);
  };
  stroke(usual, 'faint', Math.max(1.5, 0.75 / zoom));
  stroke(broken, 'danger', Math.max(1.5, 1 / zoom));
  stroke(selected, 'accent', Math.max(2, 1.5 / zoom));

  const shown = scene.blocks.filter((block) => overlap(block, seen));
  const border = Math.max(1, 0.75 / zoom);
  // By colour: to set one costs more than to fill a rectangle.
  for (const category of new Set(shown.map((block) => block.category))) {
    context.beginPath();
    for (const { x, y, width: w, height: h, category: own } of shown) {
      if (own !== category) continue;
      // From far enough away, round corners can't be told from square ones.
      if (zoom * RADIUS < 1.5) context.rect(x, y, w, h);
      else context.roundRect(x, y, w, h, RADIUS);
    }
    context.fillStyle = colors(category, 0.3, 'surface');
    context.fill();
    if (zoom < FRAMED) continue;
    context.strokeStyle = colors(category, 0.55, 'surface');
    context.lineWidth = border;
    context.stroke();
  }
  for (const { x, y, width: w, tag } of shown) {
    if (!tag) continue;
    context.fillStyle = colors(tag);
    context.fillRect(x + RADIUS, y, w - 2 * RADIUS, Math.max(4, 1 / zoom));
  }
  context.lineWidth = Math.max(2, 1.5 / zoom);
  for (const { id, x, y, width: w, height: h, selected, severity } of shown) {
    if (!selected && severity !== 'error' && id !== pointed) continue;
    context.strokeStyle = colors(selected || severity !== 'error' ? 'accent' : 'danger');
    context.strokeRect(x, y, w, h);
  }
  const dot = Math.max(6, 2 / zoom);
  context.beginPath();
  for (const { x, y, width: w, severity } of shown) {
    if (severity === 'warning') context.rect(x + w - 2 * dot, y + dot, dot, dot);
  }
  context.fillStyle = colors('warning');
  context.fill();
  if (zoom * TITLE >= READABLE) {
    context.fillStyle = colors('ink');
    context.font = `600 ${TITLE}px ${font}`;
    context.textBaseline = 'middle';
    for (const { x, y, width: w, height: h, title } of shown) {
      context.fillText(fitted(context, title, w - 2 * INSET), x + INSET, y + h / 2);
    }
  }
  context.restore();
}

const cut = new Map<string, string>();

/** As much of a title as there is room for. */
function fitted(context: CanvasRenderingContext2D, title: string, room: number): string {
  const key = `${room} ${title}`;
  const known = cut.get(key);
  if (known !== undefined) return known;
  if (cut.size > 5000) cut.clear();
  let text = title;
  for (let length = title.length; length > 1 && context.measureText(text).width > room; length--) {
    text = `${title.slice(0, length - 1)}…`;
  }
  cut.set(key, text);
  return text;
}
