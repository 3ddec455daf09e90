import { click, find } from '../../../__tests__/render';
import { CommandIDs } from '../../../commands/ids';
import { ExperimentButton } from '../ExperimentStatus';
import { showBeside } from './beside';

describe('ExperimentButton', () => {
  it('names the experiment and leads to its runs', () => {
    const found = { experiment_id: '3', experiment_name: '이탈 churn' };
    const { commands, node } = showBeside(ExperimentButton, found);
    const button = find(node, 'button');
    expect(button.textContent).toBe('이탈 churn');
    expect(button.getAttribute('aria-label')).toBe(
      'Show the runs of the experiment 이탈 churn'
    );
    click(button);
    expect(commands.executed).toEqual([
      [CommandIDs.showRuns, { experimentId: '3' }]
    ]);
  });

  it('waits until something is known', () => {
    const { node } = showBeside(ExperimentButton, null);
    expect(node.querySelector('button')).toBeNull();
  });
});
