import { expect, it } from 'vitest';
import { findBrowser, softwareGpu } from './findBrowser.mjs';

/** A machine with some files, on which commands may add others. */
function machine(options) {
  const files = new Set(options.files);
  const ran = [];
  return {
    ran,
    env: { PATH: '/usr/local/bin:/usr/bin', ...options.env },
    exists: (file) => files.has(file),
    isRoot: options.isRoot ?? true,
    say: () => undefined,
    run: (command, words) => {
      const line = [command, ...words].join(' ');
      ran.push(line);
      const made = options.installs?.[line];
      if (made) files.add(made);
    },
    playwrightPath: async () => '/cache/playwright/chrome',
  };
}

it('takes CHROMIUM_PATH before all others, and refuses it if nothing is there', async () => {
  const files = ['/mine/chrome', '/cache/playwright/chrome'];
  expect(await findBrowser(machine({ files, env: { CHROMIUM_PATH: '/mine/chrome' } }))).toBe('/mine/chrome');
  await expect(findBrowser(machine({ files, env: { CHROMIUM_PATH: '/gone' } }))).rejects.toThrow(
    'CHROMIUM_PATH is /gone',
  );
});

it("takes Playwright's before the system's", async () => {
  expect(await findBrowser(machine({ files: ['/cache/playwright/chrome', '/usr/bin/chromium'] }))).toBe(
    '/cache/playwright/chrome',
  );
  expect(await findBrowser(machine({ files: ['/usr/bin/google-chrome'] }))).toBe('/usr/bin/google-chrome');
});

it("installs Playwright's, else Debian's", async () => {
  const first = machine({ installs: { 'npx playwright install chromium': '/cache/playwright/chrome' } });
  expect(await findBrowser(first)).toBe('/cache/playwright/chrome');
  const second = machine({ installs: { 'apt-get install -y chromium': '/usr/bin/chromium' } });
  expect(await findBrowser(second)).toBe('/usr/bin/chromium');
  expect(second.ran).toEqual(['npx playwright install chromium', 'apt-get update', 'apt-get install -y chromium']);
});

it('says what to do where none can be had', async () => {
  await expect(findBrowser(machine({ isRoot: false }))).rejects.toThrow('set CHROMIUM_PATH');
});

it('finds the software GPU beside the browser', () => {
  const icd = '/usr/lib/chromium/vk_swiftshader_icd.json';
  expect(softwareGpu('/usr/bin/chromium', (file) => file === icd)).toBe(icd);
  expect(softwareGpu('/x/chrome', () => false)).toBeUndefined();
});
