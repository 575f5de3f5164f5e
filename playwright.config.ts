import { defineConfig } from '@playwright/test';

const port = Number(process.env.E2E_PORT ?? 5290);
// As root and without a desktop; nothing is looked up outside of this machine.
const args = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const executablePath = process.env.CHROMIUM_PATH;
const launch = (more: readonly string[]) => ({
  launchOptions: { args: [...args, ...more], ...(executablePath ? { executablePath } : {}) },
});

export default defineConfig({
  testDir: 'e2e',
  timeout: 180_000,
  expect: { timeout: 10_000 },
  workers: 1,
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? 'test-results/report.json' }]],
  use: {
    actionTimeout: 15_000,
    baseURL: `http://localhost:${port}`,
    // Requests that a service worker makes can't be changed by a test.
    serviceWorkers: 'block',
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
  },
  projects: [
    // A common user: a browser without WebGPU.
    { name: 'cpu', testIgnore: '**/*.webgpu.spec.ts', use: launch([]) },
    // A software adapter stands in for a GPU.
    {
      name: 'webgpu',
      testMatch: '**/*.webgpu.spec.ts',
      use: launch(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']),
    },
  ],
  webServer: { command: 'node scripts/start.mjs', port, env: { PORT: String(port) }, reuseExistingServer: false },
});
