import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The browser that tests run in: CHROMIUM_PATH, else Playwright's own, else one of the system's, else it installs one
 * (Playwright's; where that can't be had and apt works, Debian's). `system` is what it asks; tests pass another.
 * @throws Error saying what to do if none can be had.
 */
export async function findBrowser(system = realSystem()) {
  const given = system.env.CHROMIUM_PATH;
  if (given) {
    if (system.exists(given)) return given;
    throw new Error(`CHROMIUM_PATH is ${given}, but there is no such file`);
  }
  const found = await installed(system);
  if (found) return found;
  system.say('No Chromium found: installing one for the tests…');
  const ways = [
    ['npx', ['playwright', 'install', 'chromium']],
    ...(system.isRoot
      ? [
          ['apt-get', ['update']],
          ['apt-get', ['install', '-y', 'chromium']],
        ]
      : [
          ['sudo', ['-n', 'apt-get', 'update']],
          ['sudo', ['-n', 'apt-get', 'install', '-y', 'chromium']],
        ]),
  ];
  for (const [command, words] of ways) {
    system.run(command, words);
    const now = await installed(system);
    if (now) return now;
  }
  throw new Error(
    'The tests need Chromium or Chrome, and none could be installed. Install one and set CHROMIUM_PATH to its executable.',
  );
}

async function installed(system) {
  const own = await system.playwrightPath();
  if (own && system.exists(own)) return own;
  for (const name of NAMES) {
    for (const folder of (system.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      if (folder && system.exists(file)) return file;
    }
  }
  return PLACES.find((file) => system.exists(file));
}

function realSystem() {
  return {
    env: process.env,
    exists: existsSync,
    isRoot: process.getuid?.() === 0,
    say: (text) => console.log(text),
    run: (command, words) => {
      try {
        execFileSync(command, words, { stdio: 'inherit', timeout: 600_000 });
      } catch (error) {
        // The next way is tried; if none works the last error says so.
        console.log(`${command} ${words.join(' ')} did not work: ${error.message}`);
      }
    },
    playwrightPath: async () => (await import('@playwright/test')).chromium.executablePath(),
  };
}

/** The file that tells Vulkan of the software GPU that a Chromium carries, if it does: WebGPU in Node runs on that. */
export function softwareGpu(browser, exists = existsSync) {
  const real = path.dirname(browser);
  const places = [real, '/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
  return places.map((folder) => path.join(folder, 'vk_swiftshader_icd.json')).find((file) => exists(file));
}
