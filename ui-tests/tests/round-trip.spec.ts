import { execFileSync } from 'node:child_process';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { expect, galata, labTest as test } from './fixtures';
import { openNotebook, runAll } from './notebook';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

const THEMES = '@jupyterlab/apputils-extension:themes';
const PREDICTIONS = /"predictions": \[/;

for (const theme of ['light', 'dark'] as const) {
  test.describe(`from notebook to prediction, ${theme}`, () => {
    test.use({
      permissions: ['clipboard-read', 'clipboard-write'],
      mockSettings: {
        ...galata.DEFAULT_SETTINGS,
        [THEMES]: {
          theme: theme === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light'
        }
      }
    });

    test('snapshot, register, deploy, predict, roll back, restart', async ({
      lab,
      page
    }) => {
      const { runs, models, deployments } = sections(page);
      const dialog = page.getByRole('dialog');
      const tab = page.locator('.jp-MLOpsTab:visible');
      const button = (name: string, of: Locator = tab) =>
        of.getByRole('button', { name, exact: true });

      await test.step('an empty sidebar teaches the next step', async () => {
        await openNotebook(page, 'train.ipynb');
        await openSidebar(page);
        await expect(runs).toContainText('Click Snapshot in any notebook');
        await shoot(page, theme, 'empty');
      });

      await test.step('a snapshot stands in Runs', async () => {
        await runAll(page);
        await page
          .getByRole('button', { name: 'Snapshot', exact: true })
          .click();
        const row = runs.getByRole('listitem');
        await expect(row).toHaveCount(1);
        await expect(row).toContainText('train.ipynb');
        await expect(row).toContainText(/accuracy 0\.9\d+/);
        await expect(row).toContainText('max_depth=4');
        await expect(row).toHaveAccessibleName(/grade clean/);
        await shoot(page, theme, 'sidebar');
      });

      await test.step('its tab shows the whole experiment', async () => {
        await runs.getByRole('listitem').click();
        await expect(tab).toContainText('accuracy');
        await expect(tab).toContainText('max_depth');
        await shoot(page, theme, 'run');
        for (const [name, content] of [
          ['Notebook', 'Benign or malignant?'],
          ['Data', 'breast_cancer.csv'],
          ['Environment', 'scikit-learn'],
          ['Code', /[0-9a-f]{7}/]
        ] as const) {
          await tab.getByRole('tab', { name, exact: true }).click();
          await expect(tab.getByRole('tabpanel')).toContainText(content);
          await shoot(page, theme, `run-${name.toLowerCase()}`);
        }
      });

      await test.step('a live model becomes version 1, then 2', async () => {
        await button('Open notebook').click();
        for (const version of ['v1', 'v2']) {
          await button(
            'Register model',
            page.locator('#jp-left-stack')
          ).click();
          await expect(dialog).toContainText('RandomForestClassifier');
          await expect(dialog.getByRole('radio')).toBeChecked();
          await dialog.getByLabel('Name').fill('breast-cancer');
          await shoot(page, theme, `register-${version}`);
          await button('Register', dialog).click();
          await expect(models.getByRole('listitem')).toContainText(version);
        }
      });

      await test.step('an alias is set and moved', async () => {
        await models.getByRole('listitem').click();
        await expect(tab).toContainText('RandomForestClassifier');
        for (const version of ['v1', 'v2']) {
          await button('Set alias…').click();
          await dialog.getByLabel('Alias').fill('champion');
          await dialog.getByLabel('Version').selectOption(version);
          await button('Set', dialog).click();
          await expect(models.getByRole('listitem')).toContainText(
            `★champion ${version}`
          );
        }
        await shoot(page, theme, 'model');
      });

      await test.step('version 1 is deployed and answers', async () => {
        await tab.getByRole('listitem').filter({ hasText: 'v1' }).click();
        await button('Deploy').click();
        const row = deployments.getByRole('listitem');
        await expect(row).toHaveAccessibleName(/running/);
        await expect(row).toContainText('http://127.0.0.1:');
        await button('Try it').click();
        await expect(tab).toContainText(PREDICTIONS);
        await shoot(page, theme, 'deployment');
      });

      await test.step('the snippets work as pasted', async () => {
        await tab.getByRole('tab', { name: 'Code', exact: true }).click();
        await shoot(page, theme, 'deployment-code');
        for (const [language, program] of [
          ['curl', 'bash'],
          ['Python', 'python3']
        ]) {
          for (const [protocol, answer] of [
            ['MLflow', PREDICTIONS],
            ['Open Inference Protocol', /"outputs": ?\[/]
          ] as const) {
            await button(`Copy ${language}, ${protocol}`).click();
            const snippet = await page.evaluate(() =>
              navigator.clipboard.readText()
            );
            const printed = execFileSync(program, ['-c', snippet]);
            expect(printed.toString().replaceAll("'", '"')).toMatch(answer);
          }
        }
      });

      await test.step('version 2 takes over, then is rolled back', async () => {
        const row = deployments.getByRole('listitem');
        await models.getByRole('listitem').click();
        await tab.getByRole('listitem').filter({ hasText: 'v2' }).click();
        await button('Deploy').click();
        await expect(row).toHaveAccessibleName(/running, breast-cancer v2/);
        await deployments.getByRole('listitem').click();
        await button('Roll back').click();
        await expect(dialog).toContainText('version 1 instead of version 2');
        await button('Roll back', dialog).click();
        await expect(row).toHaveAccessibleName(/running, breast-cancer v1/);
        await tab.getByRole('tab', { name: 'Revisions', exact: true }).click();
        await expect(tab.getByRole('row')).toHaveCount(4);
        await shoot(page, theme, 'deployment-revisions');
      });

      await test.step('all is there after a restart', async () => {
        const url = await deployments
          .getByRole('listitem')
          .locator('.jp-MLOpsRow-facts')
          .innerText();
        await lab.stop();
        const alone = await fetch(new URL('/v2/health/ready', url));
        expect(alone.status).toBe(200);
        await lab.start();
        // a path would be opened in place of what was open
        await page.evaluate(() => history.replaceState(null, '', '/lab'));
        await page.reload({ waitForIsReady: false });
        await expect(
          page.getByRole('main').getByRole('tab', { name: 'breast-cancer' })
        ).toHaveCount(2);
        await expect(runs.getByRole('listitem')).toHaveCount(1);
        await expect(models.getByRole('listitem')).toContainText(
          '★champion v2'
        );
        await expect(deployments.getByRole('listitem')).toContainText(url);
        await deployments.getByRole('listitem').click();
        await button('Try it').click();
        await expect(tab).toContainText(PREDICTIONS);
      });

      await test.step('it fits a narrow sidebar', async () => {
        await narrow(page);
        await shoot(page, theme, 'narrow');
      });

      await test.step('stop, start, delete', async () => {
        const row = deployments.getByRole('listitem');
        await button('Stop').click();
        await expect(row).toHaveAccessibleName(/stopped/);
        await button('Start').click();
        await expect(row).toHaveAccessibleName(/running/);
        await button('Delete').click();
        await button('Delete', dialog).click();
        await expect(row).toHaveCount(0);
        await expect(tab).toContainText('There is no deployment');
      });
    });
  });
}

/**
 * Drags the sidebar's edge to where its content is 220 pixels wide, as at a zoom of 110 %.
 */
async function narrow(page: IJupyterLabPageFixture): Promise<void> {
  await page.addStyleTag({
    content: 'body { --jp-sidebar-min-width: 220px !important; }'
  });
  // the smallest width is read when the sidebar is shown
  await openSidebar(page);
  await openSidebar(page);
  const stack = page.locator('#jp-left-stack');
  // again if it was not laid out yet
  await expect(async () => {
    const { x, y, width } = (await stack.boundingBox())!;
    await page.mouse.move(x + width + 1, y + 300);
    await page.mouse.down();
    await page.mouse.move(x + 200, y + 300, { steps: 5 });
    await page.mouse.up();
    expect((await stack.boundingBox())!.width).toBeLessThan(225);
  }).toPass({ timeout: 60_000 });
}
