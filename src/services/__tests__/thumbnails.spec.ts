import { FakeServer } from '../../api/__tests__/server';
import { createClient } from '../../api/client';
import { Thumbnails } from '../thumbnails';

describe('Thumbnails', () => {
  let server: FakeServer;
  let shrink: jest.Mock;
  let thumbnails: Thumbnails;
  const signal = new AbortController().signal;

  beforeEach(() => {
    server = new FakeServer();
    for (const id of ['a', 'b']) {
      server.on(`GET snapshots/${id}/figures/0`, {
        mime_type: 'image/png',
        data: id
      });
    }
    shrink = jest.fn(async ({ data }) => `small ${data}`);
    thumbnails = new Thumbnails(createClient(server.settings), shrink);
  });

  it('reads a figure once, however many snapshots have it', async () => {
    const figure = { figure_id: 'f' };
    const found = await thumbnails.get({ ...figure, id: 'a' }, signal);
    expect(found).toBe('small a');
    expect(await thumbnails.get({ ...figure, id: 'b' }, signal)).toBe(
      'small a'
    );
    expect(server.requests).toEqual(['GET snapshots/a/figures/0']);
  });

  it('reads nothing where there is no figure', async () => {
    expect(
      await thumbnails.get({ figure_id: null, id: 'a' }, signal)
    ).toBeNull();
    expect(server.requests).toEqual([]);
  });

  it('shows none where it cannot be read or drawn, and tries again', async () => {
    const lost = { figure_id: 'f', id: 'lost' };
    expect(await thumbnails.get(lost, signal)).toBeNull();
    shrink.mockRejectedValueOnce(new Error('no image'));
    const figure = { figure_id: 'g', id: 'b' };
    expect(await thumbnails.get(figure, signal)).toBeNull();
    expect(await thumbnails.get(figure, signal)).toBe('small b');
  });

  it('is at most four at once, and forgets who no longer wants one', async () => {
    let atOnce = 0;
    let most = 0;
    shrink.mockImplementation(async () => {
      most = Math.max(most, (atOnce += 1));
      await new Promise(later => setTimeout(later));
      atOnce -= 1;
      return 'small';
    });
    const gone = new AbortController();
    const wanted = Array.from({ length: 9 }, (_, index) =>
      thumbnails.get({ figure_id: `${index}`, id: 'a' }, signal)
    );
    const unwanted = thumbnails.get({ figure_id: 'x', id: 'b' }, gone.signal);
    gone.abort();
    expect(await Promise.all(wanted)).toEqual(Array(9).fill('small'));
    expect(await unwanted).toBeNull();
    expect(most).toBe(4);
    expect(server.requests).not.toContain('GET snapshots/b/figures/0');
  });
});
