import { mlopsIcon } from '../icons';

describe('mlopsIcon', () => {
  it('draws with the colour of the theme', () => {
    const drawn = mlopsIcon.element();
    expect(drawn.querySelectorAll('path')).toHaveLength(1);
    expect(drawn.querySelector('.jp-icon3')).not.toBeNull();
  });
});
