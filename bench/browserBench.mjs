import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/findBrowser.mjs';
import { createSiteServer } from '../scripts/serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The built page in a browser, for benchmarks. */
export class BrowserBench {
  static async start() {
    const server = createSiteServer(`${root}dist`).listen(0);
    await new Promise((resolve) => server.once('listening', resolve));
    return new BrowserBench(server, await findBrowser());
  }

  constructor(server, executablePath) {
    this.server = server;
    this.executablePath = executablePath;
    this.address = `http://localhost:${server.address().port}/`;
  }

  /** A fresh browser with a page, for as long as `body` runs. */
  async withPage(args, body) {
    const browser = await chromium.launch({ executablePath: this.executablePath, args: ['--no-sandbox', ...args] });
    try {
      return await body(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    } finally {
      await browser.close();
    }
  }

  /** Milliseconds between frames, for so long. */
  frames(page, milliseconds) {
    return page.evaluate(
      (duration) =>
        new Promise((resolve) => {
          const gaps = [];
          let last;
          const start = performance.now();
          const next = (now) => {
            if (last !== undefined) gaps.push(now - last);
            last = now;
            if (now - start < duration) requestAnimationFrame(next);
            else resolve(gaps);
          };
          requestAnimationFrame(next);
        }),
      milliseconds,
    );
  }

  stop() {
    this.server.close();
  }
}

/** Prints figures for people, or one JSON object a line with --json; with --write `finish` keeps them in bench/PAGE.md. */
export function reporter(part) {
  const rows = [];
  const report = (what, value, unit) => {
    rows.push({ what, value, unit });
    console.log(
      process.argv.includes('--json')
        ? JSON.stringify({ what, value, unit })
        : `${what.padEnd(60)} ${String(value).padStart(8)} ${unit}`,
    );
  };
  const reportFrames = (what, gaps) => {
    const sorted = [...gaps].sort((a, b) => a - b);
    report(`${what}: frames a second`, Math.round((1000 * gaps.length) / gaps.reduce((a, b) => a + b, 0)), 'fps');
    report(`${what}: 99 of 100 frames within`, Math.round(sorted[Math.floor(0.99 * sorted.length)]), 'ms');
    report(`${what}: longest frame`, Math.round(sorted.at(-1)), 'ms');
  };
  const finish = () => {
    if (process.argv.includes('--write')) write(part, rows);
  };
  return { report, reportFrames, finish };
}

/** Makes one part of the page of figures anew; the other stays. */
function write(part, rows) {
  const file = `${root}bench/page.json`;
  const machine = `${cpus().length} cores, ${cpus()[0].model}`;
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const parts = { ...before, [part]: { machine, date: new Date().toISOString().slice(0, 10), rows } };
  writeFileSync(file, `${JSON.stringify(parts, null, 1)}\n`);
  const table = (name) => [
    '',
    `## \`npm run bench:${name}\``,
    '',
    `On ${parts[name].date}: ${parts[name].machine}, no GPU; Chromium without a window.`,
    '',
    '| what | measured |',
    '| --- | ---: |',
    ...parts[name].rows.map(({ what, value, unit }) => `| ${what} | ${value} ${unit} |`),
  ];
  const lines = ['# How the page feels', ...['page', 'canvas'].filter((name) => parts[name]).flatMap(table)];
  writeFileSync(`${root}bench/PAGE.md`, `${lines.join('\n')}\n`);
}
