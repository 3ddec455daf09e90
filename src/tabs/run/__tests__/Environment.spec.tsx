import { enter, find, settle } from '../../../__tests__/render';
import { download } from '../../../components/download';
import { MANIFEST, RUN, show } from './runs';

// JupyterLab's notebook does not load outside of a browser; the browser tests look at it
jest.mock('../NotebookView', () => ({}));
jest.mock('../../../components/download', () => ({ download: jest.fn() }));

describe('the environment of a run', () => {
  it('shows machine and seeds', async () => {
    const seeds = { 'random.seed': 7, random_state: [1, 2] };
    const { open } = await show(RUN, { ...MANIFEST, seeds });
    const panel = await open('Environment');
    expect(panel.textContent).toContain('x86_64, Chip 5, 2 CPU');
    expect(panel.textContent).toContain('Card, 24 GB');
    expect(find(panel, '[aria-label="Seeds"]').textContent).toBe(
      'Seedsrandom.seed7random_state1, 2'
    );
  });

  it('says that no GPU was found', async () => {
    const hardware = { ...MANIFEST.environment!.hardware, gpus: [] };
    const environment = { ...MANIFEST.environment!, hardware };
    const { open } = await show(RUN, { ...MANIFEST, environment });
    const panel = await open('Environment');
    expect(panel.textContent).toContain('GPUnone of NVIDIA found');
  });

  it('shows all seeds of a loop, with their cells', async () => {
    const seeds = { 'random.seed': '0, 1, 2 … 99 (101 values)', other: 1 };
    const common = { name: 'random.seed', cell_id: 'a' };
    const seed_uses = [
      { ...common, cell_number: 3, values: [0, 1, 2, 3], count: 100, last: 99 },
      { ...common, cell_number: null, values: [7], count: 1, last: 7 }
    ];
    const { open } = await show(RUN, { ...MANIFEST, seeds, seed_uses });
    const panel = await open('Environment');
    const rows = find(panel, '[aria-label="Seeds"] tbody').children;
    expect([...rows].map(({ textContent }) => textContent)).toEqual([
      'random.seed0, 1, 2 … 99 (100 values)Cell 3',
      'random.seed7',
      'other1'
    ]);
  });

  it('finds a package', async () => {
    const { open } = await show(RUN, MANIFEST);
    const panel = await open('Environment');
    enter(find(panel, 'input', 'Filter packages'), 'Learn');
    const packages = find(panel, '[aria-label="Packages"]');
    expect(find(packages, 'tr').textContent).toBe('scikit-learn1.9.1');
  });

  it('shows what R says of its session', async () => {
    const session = 'R version 4.2.2 (2022-10-31)';
    const environment = { ...MANIFEST.environment, session_info: session };
    const { open } = await show(RUN, { ...MANIFEST, environment });
    const panel = await open('Environment');
    expect(panel.textContent).toContain(session);
  });

  it('downloads the lock of the environment', async () => {
    const { open, server } = await show(RUN, MANIFEST);
    server.on('GET snapshots/abcdef0123456789/lock', {
      format: 'pylock',
      file_name: 'pylock.toml',
      text: 'packages = []'
    });
    const panel = await open('Environment');
    await settle(() => find(panel, 'button', 'Download lock file').click());
    expect(download).toHaveBeenCalledWith(
      'pylock.toml',
      'text/plain',
      'packages = []'
    );
  });
});
