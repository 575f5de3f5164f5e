// How large canvases feel: `npm run bench:canvas` (needs a build). Frames while panning, dragging a layer and editing.
// One JSON object a line with --json; --write puts them into bench/PAGE.md; --nodes 500,2000 chooses the sizes.
import { BrowserBench, reporter } from './browserBench.mjs';

const sizes = (process.argv[process.argv.indexOf('--nodes') + 1] ?? '').match(/^\d+(,\d+)*$/)
  ? process.argv[process.argv.indexOf('--nodes') + 1].split(',').map(Number)
  : [500, 1900];
const { report, reportFrames, finish } = reporter('canvas');

/** A long chain in rows, as text for the clipboard. */
function chain(count) {
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: `b${i}`,
    type: i === 0 ? 'Input' : i % 2 === 0 ? 'Linear' : 'ReLU',
    version: 1,
    parameters: {},
    position: { x: (i % 40) * 260, y: 600 + Math.floor(i / 40) * 160 },
  }));
  const edges = nodes.slice(1).map((node, i) => ({
    id: `w${i}`,
    source: { node: `b${i}`, port: 'output' },
    target: { node: node.id, port: 'input' },
  }));
  const filed = (list) => Object.fromEntries(list.map((each) => [each.id, each]));
  return JSON.stringify({ format: 'gradloom-selection', version: 2, nodes: filed(nodes), edges: filed(edges) });
}

/** The middle of a layer near a place: seen from afar it becomes an element under the pointer. */
async function layerNear(page, { x, y }) {
  for (let i = 0; i < 200; i++) {
    const place = { x: x + 3 * (i % 20), y: y + 3 * Math.floor(i / 20) };
    await page.mouse.move(place.x, place.y);
    const middle = await page.evaluate(
      ([px, py]) => {
        const box = document.elementFromPoint(px, py)?.closest('.react-flow__node')?.getBoundingClientRect();
        return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      },
      [place.x, place.y],
    );
    if (middle) return middle;
  }
  throw new Error('no layer near the middle');
}

/** A place near another one where a press takes hold of the canvas itself. */
async function emptyPlace(page, { x, y }) {
  for (let i = 0; i < 40; i++) {
    const place = { x: x + 12 * i, y: y + 9 * i };
    const isEmpty = ([px, py]) => document.elementFromPoint(px, py)?.classList.contains('react-flow__pane');
    if (await page.evaluate(isEmpty, [place.x, place.y])) return place;
  }
  throw new Error('no place without layers');
}

const bench = await BrowserBench.start();
for (const size of sizes) {
  await bench.withPage([], async (page) => {
    await page.goto(bench.address);
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    const milliseconds = await page.evaluate(async (text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      // The page listens a moment after it is drawn; it prevents the default of what it has pasted.
      for (let i = 0; i < 100; i++) {
        const start = performance.now();
        const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
        if (!document.dispatchEvent(event)) {
          await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          return performance.now() - start;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return undefined;
    }, chain(size));
    if (milliseconds === undefined) throw new Error(`${size} layers could not be pasted`);
    report(`${size} layers: pasted and shown in`, Math.round(milliseconds), 'ms');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+0');
    await page.waitForTimeout(1500);

    const canvas = page.locator('.react-flow__pane');
    const box = await canvas.boundingBox();
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const during = async (what, gesture) => {
      const watching = bench.frames(page, 2500);
      await gesture();
      reportFrames(`${size} layers, ${what}`, await watching);
    };
    await during('panning and zooming', async () => {
      await page.mouse.move(middle.x, middle.y);
      for (let i = 0; i < 30; i++) {
        await page.mouse.wheel(i % 2 === 0 ? 40 : -30, i % 3 === 0 ? 60 : -50);
        await page.waitForTimeout(40);
      }
    });
    // Large enough to be read, by the hand.
    await page.keyboard.press('Shift+0');
    await page.waitForTimeout(1500);
    await during('panning at 100%', async () => {
      const { x, y } = await emptyPlace(page, middle);
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let i = 1; i <= 60; i++) {
        await page.mouse.move(x - 250 * Math.sin(i / 10), y - 100 * Math.sin(i / 7));
        await page.waitForTimeout(16);
      }
      await page.mouse.up();
    });
    await page.keyboard.press('Control+0');
    await page.waitForTimeout(800);
    await during('dragging a layer', async () => {
      const node = await layerNear(page, middle);
      await page.mouse.move(node.x, node.y);
      await page.mouse.down();
      for (let i = 0; i < 40; i++) {
        await page.mouse.move(node.x + i * 3, node.y + (i % 7) * 4);
        await page.waitForTimeout(30);
      }
      await page.mouse.up();
    });
    await page.getByRole('button', { name: /^Undo: Move / }).waitFor({ timeout: 2000 });
    // The move of the layer, undone and done again, six times: how long the page is at it before it can draw.
    const answers = await page.evaluate(async () => {
      const times = [];
      for (let i = 0; i < 12; i++) {
        const keys = { key: i % 2 === 0 ? 'z' : 'Z', code: 'KeyZ', ctrlKey: true, shiftKey: i % 2 === 1 };
        const start = performance.now();
        window.dispatchEvent(new KeyboardEvent('keydown', { ...keys, bubbles: true }));
        times.push(performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      return times.sort((a, b) => a - b);
    });
    report(`${size} layers: an edit is applied and all shapes are inferred in`, answers[6].toFixed(1), 'ms');
    await during('undo and redo of an edit', async () => {
      for (let i = 0; i < 12; i++) {
        await page.keyboard.press(i % 2 === 0 ? 'Control+z' : 'Control+Shift+z');
        await page.waitForTimeout(120);
      }
    });
  });
}
await bench.stop();
finish();
