import * as React from 'react';

import { find, render } from '../../__tests__/render';
import { formatApart, formatNumber } from '../number';
import { NumberCell } from '../NumberCell';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [3, '3'],
    [-41, '-41'],
    [123456, '123456'],
    [999999, '999999'],
    [1_000_000, '1e+6'],
    [1_234_567, '1.235e+6'],
    [-1_234_567, '-1.235e+6'],
    [6.02214076e23, '6.022e+23'],
    [0.5, '0.5'],
    [2 / 3, '0.6667'],
    [0.1 + 0.2, '0.3'],
    [-0.98765, '-0.9877'],
    [12.3456, '12.35'],
    [1234.5678, '1235'],
    [123456.7, '123500'],
    [999_999.9, '1e+6'],
    [0.0001, '0.0001'],
    [0.00012345, '0.0001234'],
    [0.00009876, '9.876e-5'],
    [0.000099999, '0.0001'],
    [0.00001, '1e-5'],
    [1.5e-10, '1.5e-10'],
    [5e-324, '5e-324'],
    [Infinity, '∞'],
    [Number.MAX_VALUE, '∞'],
    [-Infinity, '−∞'],
    [NaN, 'NaN'],
    [null, 'NaN']
  ])('of %p is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatApart', () => {
  it.each([
    [0.9, 0.8, '0.9'],
    [0.90044, 0.90041, '0.90044'],
    [0.90041, 0.90044, '0.90041'],
    [1, 1.0000000000000002, '1'],
    [1.0000000000000002, 1, '1.0000000000000002'],
    [0.123456, 0.123456, '0.1235'],
    [0.123456, null, '0.1235'],
    [null, 0.123456, 'NaN'],
    [123456, 123456.7, '123456']
  ])('of %p beside %p is %s', (value, other, text) => {
    expect(formatApart(value, other)).toBe(text);
  });
});

describe('NumberCell', () => {
  it.each([
    [0.123456789, '0.1235', '0.123456789'],
    [1_234_567, '1.235e+6', '1234567'],
    [null, 'NaN', 'NaN']
  ])('shows %p as %s, in full on hover', (value, text, title) => {
    const { node } = render(<NumberCell value={value} />);
    expect(find(node, 'span', text).title).toBe(title);
  });
});
