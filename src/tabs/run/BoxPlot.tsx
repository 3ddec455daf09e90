import * as React from 'react';

const WIDTH = 72;
const HEIGHT = 12;
const ENDS = 5;

/**
 * Minimum, quartiles and maximum on a line. The numbers stand beside it, so it is hidden from screen readers.
 */
export function BoxPlot(props: {
  quantiles: readonly (number | null)[];
}): JSX.Element | null {
  const numbers = props.quantiles.filter(value => value !== null);
  const [low, first, median, third, high] = numbers;
  if (numbers.length !== ENDS || low === high) {
    return null;
  }
  const at = (value: number) =>
    1 + ((value - low) / (high - low)) * (WIDTH - 2);
  const middle = HEIGHT / 2;
  return (
    <svg
      className="jp-MLOpsProfile-box"
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      <line x1={1} x2={WIDTH - 1} y1={middle} y2={middle} />
      <rect
        x={at(first)}
        y={2}
        width={Math.max(1, at(third) - at(first))}
        height={HEIGHT - 4}
      />
      <line x1={at(median)} x2={at(median)} y1={1} y2={HEIGHT - 1} />
    </svg>
  );
}
