import { existsSync } from 'node:fs';

import { defineConfig } from '@playwright/test';

const galata = require('@jupyterlab/galata/lib/playwright-config');

const port = process.env.MLOPS_UI_PORT ?? '8899';
const baseURL = `http://127.0.0.1:${port}`;
// Debian's browser where there is one; otherwise Playwright's own
const chromium = process.env.MLOPS_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  ...galata,
  testDir: 'tests',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  fullyParallel: false,
  retries: process.env.CI ? 1 : 0,
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    ...galata.use,
    baseURL,
    actionTimeout: 20_000,
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
    timeout: 120_000,
    reuseExistingServer: false,
    stdout: 'ignore',
    stderr: process.env.CI ? 'pipe' : 'ignore',
    gracefulShutdown: { signal: 'SIGINT', timeout: 5000 }
  }
});
