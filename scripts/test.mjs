// Everything that must hold, in one command: types, lint, dead code, unit and conformance tests, the build, end to end.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser, softwareGpu } from './findBrowser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const reports = mkdtempSync(path.join(tmpdir(), 'gradloom-tests-'));

// First: the WebGPU tests in Node use the software GPU that comes with the browser.
const browser = await findBrowser();
const gpu = softwareGpu(browser);
console.log(
  `Browser: ${browser}\nSoftware GPU: ${gpu ?? 'none beside the browser; a Vulkan driver of the system is used'}`,
);
const env = {
  ...process.env,
  CHROMIUM_PATH: browser,
  ...(gpu ? { VK_DRIVER_FILES: gpu, VK_ICD_FILENAMES: gpu } : {}),
};

const failures = [];
let passed = 0;
let failed = 0;

function stage(name, command, words, extra = {}) {
  console.log(`\n=== ${name}`);
  const start = performance.now();
  const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit', env: { ...env, ...extra } });
  console.log(
    `=== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - start) / 1000).toFixed(0)} s`,
  );
  if (status !== 0) failures.push(name);
  return status === 0;
}

/** One check that is not made of tests counts as one. */
function check(name, command, words) {
  if (stage(name, command, words)) passed++;
  else failed++;
}

check('types', bin('tsc'), ['-p', '.']);
check('lint and import rules', bin('biome'), ['check', '.']);
check('dead code', bin('knip'), []);

const unitReport = path.join(reports, 'unit.json');
stage('unit and conformance tests', bin('vitest'), [
  'run',
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${unitReport}`,
]);
count(unitReport, ({ numPassedTests, numFailedTests }) => [numPassedTests, numFailedTests]);

check('build', process.execPath, ['scripts/build.mjs']);
if (!failures.includes('build')) {
  const report = path.join(reports, 'e2e.json');
  stage('end-to-end tests', bin('playwright'), ['test'], { PLAYWRIGHT_JSON_OUTPUT_FILE: report });
  count(report, ({ stats }) => [stats.expected, stats.unexpected + stats.flaky]);
}
rmSync(reports, { recursive: true, force: true });

/** Adds a runner's numbers; a report that is missing means that the runner itself failed. */
function count(file, numbers) {
  try {
    const [good, bad] = numbers(JSON.parse(readFileSync(file, 'utf8')));
    passed += good;
    failed += bad;
  } catch (error) {
    console.log(`No report of these tests: ${error.message}`);
    failed++;
  }
}

if (failures.length > 0 && failed === 0) failed = failures.length;
console.log(failures.length > 0 ? `\nFailed: ${failures.join(', ')}` : '\nAll stages passed');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
