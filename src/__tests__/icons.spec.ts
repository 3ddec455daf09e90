import * as icons from '../icons';

describe.each(Object.entries(icons))('%s', (_, icon) => {
  it('draws with the colour of the theme', () => {
    const drawn = icon.element();
    expect(drawn.querySelectorAll('path')).toHaveLength(1);
    expect(drawn.querySelector('.jp-icon3')).not.toBeNull();
  });
});
