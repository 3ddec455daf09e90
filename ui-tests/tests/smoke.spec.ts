import { expect, test } from './fixtures';

test('the extension is active and its sidebar opens', async ({ page }) => {
  const active = await page.evaluate(() =>
    window.jupyterapp.isPluginActivated('jupyter-mlops:plugin')
  );
  expect(active).toBe(true);
  await page.getByRole('tab', { name: 'MLOps', exact: true }).click();
  await expect(page.locator('#jupyter-mlops-sidebar')).toBeVisible();
});

test('the server refuses strangers', async ({ playwright, baseURL }) => {
  const stranger = await playwright.request.newContext({
    baseURL,
    storageState: { cookies: [], origins: [] }
  });
  expect((await stranger.get('/api/contents')).status()).toBe(403);
  await stranger.dispose();
});
