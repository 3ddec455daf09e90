import { expect, test as base } from '@jupyterlab/galata';

import { FOLDER, Lab } from './lab';

export { expect, galata } from '@jupyterlab/galata';

// its own waits give up after 15 seconds, which a busy machine may need
const utils = require('@jupyterlab/galata/lib/utils');
const { waitForCondition } = utils;
utils.waitForCondition = (isSo: () => unknown, timeout = 120_000) =>
  waitForCondition(isSo, timeout);

const token = process.env.MLOPS_UI_TOKEN ?? 'ui-tests';

/**
 * Galata's test, on a server that asks who is there. The browser logs in once
 * with the address that JupyterLab prints, and from then on works with its
 * cookies and XSRF as a user's does; Galata's own requests carry the token.
 */
export const test = base.extend({
  storageState: async ({ playwright, baseURL }, use) => {
    const context = await playwright.request.newContext({ baseURL });
    await context.get(`/lab?token=${token}`);
    const state = await context.storageState();
    await context.dispose();
    await use(state);
  },
  request: async ({ playwright, baseURL }, use) => {
    const context = await playwright.request.newContext({
      baseURL,
      extraHTTPHeaders: { Authorization: `token ${token}` }
    });
    await use(context);
    await context.dispose();
  }
});

interface ILabFixtures {
  lab: Lab;
  /** Arguments for JupyterLab, besides those of all tests. */
  settings: string[];
  /** Calls a route of MLflow's protocol, below `mlflow/`, as its clients do. */
  log: (path: string, data: object) => Promise<any>;
}

/**
 * The same on a JupyterLab of the test's own, which keeps what it is told.
 */
export const labTest = test.extend<ILabFixtures>({
  settings: [[], { option: true }],
  lab: async ({ settings }, use, info) => {
    const lab = new Lab(Number(process.env.MLOPS_UI_PORT) + 1, settings);
    try {
      await lab.start();
      await use(lab);
    } finally {
      if (info.status !== info.expectedStatus) {
        console.log(`JupyterLab logged last:\n${lab.log}`);
      }
      await lab.dispose();
    }
  },
  page: async ({ page }, use, info) => {
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await use(page);
    if (info.status !== info.expectedStatus && !page.isClosed()) {
      const told = page.locator(
        '.Toastify__toast, .jp-Dialog-content, [role=alert]'
      );
      console.log('The page says:', await told.allInnerTexts(), errors);
    }
  },
  baseURL: async ({ lab }, use) => use(lab.baseURL),
  log: async ({ request }, use) =>
    use(async (path, data) => {
      const answer = await request.post(
        `/mlops/mlflow/api/2.0/mlflow/${path}`,
        {
          data
        }
      );
      expect(await answer.text()).not.toContain('error_code');
      return answer.json();
    }),
  // nothing to tidy up: the server is gone before
  kernels: null,
  sessions: null,
  terminals: null,
  serverFiles: 'on',
  tmpPath: FOLDER
});
