import { Notification } from '@jupyterlab/apputils';
import { CodeCellModel, MarkdownCellModel } from '@jupyterlab/cells';

import { click, find } from '../../../__tests__/render';
import type { LiveModel, LiveResult } from '../../../api/types';
import { CommandIDs } from '../../../commands/ids';
import { LiveModelsPanel } from '../LiveModelsPanel';
import { ParametersPanel } from '../ParametersPanel';
import { ResultsPanel } from '../ResultsPanel';
import { showBeside } from './beside';

afterEach(() => Notification.dismiss());

function result(name: string, more: Partial<LiveResult> = {}): LiveResult {
  return {
    name,
    value: 0.123456,
    source: 'variable',
    cell_id: 'c1',
    metric: true,
    pinned: false,
    ...more
  };
}

function model(variable: string, more: Partial<LiveModel> = {}): LiveModel {
  return {
    variable,
    class_name: 'Pipeline',
    module: 'sklearn.pipeline',
    framework: 'sklearn',
    fitted: true,
    size_bytes: null,
    example_variable: 'X_test',
    supported: true,
    reason: null,
    ...more
  };
}

describe('ParametersPanel', () => {
  it('lists values and leads to their cell', () => {
    const parameters = [
      { name: 'depth', value: 4, cell_id: 'c0' },
      { name: '이름', value: 'a b', cell_id: null },
      { name: 'grid', value: { C: [1, 2] }, cell_id: 'c0' }
    ];
    const { commands, node } = showBeside(ParametersPanel, { parameters });
    const rows = [...node.querySelectorAll('li')].map(row => row.textContent);
    expect(rows).toEqual(['depth4', '이름a b', 'grid{"C":[1,2]}']);
    expect(find<HTMLButtonElement>(node, 'button', '이름').disabled).toBe(true);
    click(find(node, 'button', 'depth'));
    expect(commands.executed).toEqual([
      [CommandIDs.showCells, { cellIds: ['c0'] }]
    ]);
  });

  it('tags the selected cell', () => {
    const { node, panel } = showBeside(ParametersPanel, {});
    const tag = find(node, 'button', 'Tag the selected cell');
    const text = new MarkdownCellModel();
    panel.content.activeCell = { model: text };
    click(tag);
    expect(Notification.manager.notifications[0].message).toContain(
      'Select the code cell'
    );
    expect(text.getMetadata('tags')).toBeUndefined();
    const code = new CodeCellModel();
    code.setMetadata('tags', ['first']);
    panel.content.activeCell = { model: code };
    click(tag);
    click(tag);
    expect(code.getMetadata('tags')).toEqual(['first', 'parameters']);
  });
});

describe('ResultsPanel', () => {
  it('says what will stand here', () => {
    expect(showBeside(ResultsPanel, {}).node.textContent).toContain(
      'No results yet'
    );
  });

  it('tells metrics from what was only printed, and rounds', () => {
    const results = [
      result('f1'),
      result('auc', { source: 'output', metric: false })
    ];
    const { node } = showBeside(ResultsPanel, { results });
    const metrics = find(node, 'ul', 'Metrics of the next snapshot');
    expect(metrics.textContent).toBe('f10.1235');
    expect(find(metrics, '[title="0.123456"]')).toBeDefined();
    expect(find(node, 'ul', 'Only printed').textContent).toBe('auc0.1235');
  });

  it('pins in the notebook, in the order of clicks, and leaves the rest of the metadata', () => {
    const results = [result('f1', { pinned: true }), result('auc')];
    const { experiment, node, panel } = showBeside(ResultsPanel, { results });
    panel.metadata.set('mlops', { metrics: ['f1', 7], other: 1 });
    const pin = find(node, 'button', 'Pin auc');
    expect(pin.getAttribute('aria-pressed')).toBe('false');
    click(pin);
    expect(panel.metadata.get('mlops')).toEqual({
      metrics: ['f1', 'auc'],
      other: 1
    });
    expect(experiment.refresh).toHaveBeenCalledTimes(1);
    const unpin = find(node, 'button', 'Pin f1');
    expect(unpin.getAttribute('aria-pressed')).toBe('true');
    click(unpin);
    expect(panel.metadata.get('mlops')).toEqual({
      metrics: ['auc'],
      other: 1
    });
  });

  it('leaves no metadata behind', () => {
    const results = [result('f1', { pinned: true })];
    const { node, panel } = showBeside(ResultsPanel, { results });
    panel.metadata.set('mlops', { metrics: ['f1'] });
    click(find(node, 'button', 'Pin f1'));
    expect(panel.metadata.has('mlops')).toBe(false);
  });

  it('keeps the last results while the kernel cannot be asked', () => {
    const { experiment, node } = showBeside(
      ResultsPanel,
      { results: [result('f1')] },
      { phase: 'failed', error: 'The kernel is dead.' }
    );
    expect(find(node, '.jp-MLOpsState-old').textContent).toContain('f1');
    click(find(node, 'button', 'Retry'));
    expect(experiment.refresh).toHaveBeenCalledTimes(1);
  });
});

describe('LiveModelsPanel', () => {
  it('offers to register each model', () => {
    const models = [
      model('model'),
      model('net', { supported: false, reason: 'Install mlflow.' })
    ];
    const { commands, node } = showBeside(LiveModelsPanel, { models });
    expect(node.textContent).toContain(
      'Pipeline · sklearn · fitted · example X_test'
    );
    expect(node.textContent).toContain('Install mlflow.');
    const other = find<HTMLButtonElement>(node, 'button', 'Register net…');
    expect(other.disabled).toBe(true);
    click(find(node, 'button', 'Register model…'));
    expect(commands.executed).toEqual([
      [CommandIDs.registerModel, { variable: 'model' }]
    ]);
  });

  it.each([
    [false, 'python', 'No kernel runs'],
    [true, 'python', 'No model is alive'],
    [true, 'R', 'Only models in Python kernels']
  ])('says why there is none (live: %s, %s)', (live, language, text) => {
    const { node } = showBeside(LiveModelsPanel, { live }, {}, language);
    expect(node.textContent).toContain(text);
  });
});
