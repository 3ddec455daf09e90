import * as React from 'react';

/**
 * The colours of JupyterLab's theme, as a canvas needs them.
 */
export interface IChartTheme {
  text: string;
  faint: string;
  line: string;
  background: string;
}

// told apart by most colour-blind people, and seen on light and on dark ground
const COLOURS = [
  '#4e79a7',
  '#f28e2b',
  '#59a14f',
  '#e15759',
  '#76b7b2',
  '#b07aa1',
  '#edc948',
  '#ff9da7',
  '#9c755f',
  '#8f8a87'
];
const DASHES = ['solid', 'dashed', 'dotted'] as const;

/**
 * The look of one line among many: when the colours are used up, the next ones are dashed.
 */
export function lineStyle(index: number): {
  color: string;
  type: (typeof DASHES)[number];
} {
  return {
    color: COLOURS[index % COLOURS.length],
    type: DASHES[Math.floor(index / COLOURS.length) % DASHES.length]
  };
}

/**
 * Low to high.
 */
export const SCALE = ['#4575b4', '#91bfdb', '#fdae61', '#d73027'];

/**
 * The theme's colours; another object after the user chose another theme.
 */
export function useChartTheme(): IChartTheme {
  const [theme, setTheme] = React.useState(readTheme);
  React.useEffect(() => {
    const observer = new MutationObserver(() => setTheme(readTheme()));
    observer.observe(document.body, {
      attributes: true,
      attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light']
    });
    return () => observer.disconnect();
  }, []);
  return theme;
}

function readTheme(): IChartTheme {
  const style = getComputedStyle(document.body);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read('--jp-ui-font-color1'),
    faint: read('--jp-ui-font-color2'),
    line: read('--jp-border-color2'),
    background: read('--jp-layout-color1')
  };
}
