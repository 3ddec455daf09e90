import { expect, labTest as test } from './fixtures';
import { FOLDER } from './lab';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

test('what a client of MLflow logs stands in the sidebar while it logs', async ({
  log,
  page
}) => {
  const { runs } = sections(page);
  const rows = runs.getByRole('listitem');
  const tab = page.locator('.jp-MLOpsTab:visible');
  await openSidebar(page);

  const { run } = await log('runs/create', {
    experiment_id: '0',
    run_name: 'forest',
    tags: [
      { key: 'team', value: '유방암' },
      { key: 'mlops.notebook_path', value: `${FOLDER}/train.ipynb` }
    ]
  });
  const runId = run.info.run_id;
  await expect(rows).toHaveAccessibleName(/forest, running/);

  await rows.click();
  await log('runs/log-batch', {
    run_id: runId,
    params: [{ key: 'depth', value: '4' }],
    metrics: [{ key: 'f1', value: 0.9123, timestamp: 1, step: 1 }]
  });
  await expect(rows).toContainText('f1 0.9123');
  await expect(tab.getByRole('region', { name: 'Metrics' })).toContainText(
    '0.9123'
  );
  await log('runs/log-metric', {
    run_id: runId,
    key: 'f1',
    value: 0.95,
    timestamp: 2,
    step: 2
  });
  await expect(tab.getByRole('region', { name: 'Metrics' })).toContainText(
    '0.95'
  );
  await expect(tab.getByRole('region', { name: 'Tags' })).toContainText(
    '유방암'
  );
  await log('runs/update', {
    run_id: runId,
    status: 'FINISHED',
    end_time: Date.now()
  });
  await expect(rows).not.toHaveAccessibleName(/running/);
  await shoot(page, 'light', 'run-mlflow');
});
