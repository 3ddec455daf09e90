import { test as base } from '@jupyterlab/galata';

export { expect, galata } from '@jupyterlab/galata';

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
