import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { defineConfig } from '@playwright/test';

const galata = require('@jupyterlab/galata/lib/playwright-config');

// two that are free, below those that the system gives away; the workers get the same ones
const FREE = `
const { createServer } = require('node:net');
const isFree = port => new Promise(tell => {
  const server = createServer();
  server.once('error', () => tell(false));
  server.listen(port, '127.0.0.1', () => server.close(() => tell(true)));
});
(async () => {
  let port;
  do {
    port = 20_000 + Math.floor(Math.random() * 12_000);
  } while (!(await isFree(port)) || !(await isFree(port + 1)));
  console.log(port);
})();`;
const port = (process.env.MLOPS_UI_PORT ??= execFileSync(
  process.execPath,
  ['-e', FREE],
  { encoding: 'utf8' }
).trim());
const baseURL = `http://127.0.0.1:${port}`;
// Debian's browser where there is one; otherwise Playwright's own
const chromium = process.env.MLOPS_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  ...galata,
  testDir: 'tests',
  outputDir: 'test-results',
  // generous: a machine that others use too may take its time
  timeout: 900_000,
  expect: { timeout: 60_000 },
  workers: 1,
  fullyParallel: false,
  retries: process.env.CI ? 1 : 0,
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    ...galata.use,
    baseURL,
    actionTimeout: 60_000,
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    video: 'off',
    launchOptions: existsSync(chromium)
      ? {
          executablePath: chromium,
          args: [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync'
          ]
        }
      : {}
  },
  webServer: {
    command: 'jupyter lab --config jupyter_server_test_config.py',
    url: `${baseURL}/login`,
    timeout: 300_000,
    reuseExistingServer: false,
    stdout: 'ignore',
    stderr: process.env.CI ? 'pipe' : 'ignore',
    gracefulShutdown: { signal: 'SIGINT', timeout: 5000 }
  }
});
