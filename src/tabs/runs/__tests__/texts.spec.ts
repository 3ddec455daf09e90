import { trans } from '../../../__tests__/mlops';
import type { Run } from '../../../api/types';
import { formatDuration } from '../../../components/duration';
import { allColumns, durationOf, fieldName, firstColumns } from '../columns';
import type { IField } from '../completion';
import { complete, filterOf } from '../completion';
import { runsToCsv } from '../csv';
import { orderBy, ordersAfter } from '../orders';

const FIELDS: IField[] = [
  { name: 'attributes.status', kind: 'text' },
  { name: 'metrics.f1', kind: 'number' },
  { name: 'metrics.`val/auc`', kind: 'number' },
  { name: 'params.model', kind: 'optional' }
];

const values = (field: string) =>
  field === 'params.model' ? ['rf', "o'clock"] : [];

describe('complete', () => {
  it.each([
    ['', 0, FIELDS.map(({ name }) => name)],
    ['AUC', 0, ['metrics.`val/auc`']],
    ['metrics.f', 0, ['metrics.f1']],
    ['metrics.`val/a', 0, ['metrics.`val/auc`']],
    ['metrics.f1 ', 11, ['>', '>=', '<', '<=', '=', '!=']],
    ['metrics.f1 >', 11, ['>', '>=']],
    ['params.model IS', 13, ['IS NULL', 'IS NOT NULL']],
    ['params.model is n', 16, ['IS NOT NULL', 'IS NULL']],
    ['params.model = ', 15, ["'rf'", "'o''clock'"]],
    ["params.model = 'o", 15, ["'o''clock'"]],
    ["params.model = 'r f' ", 21, ['AND']],
    ["params.model='rf' AND ", 22, FIELDS.map(({ name }) => name)],
    ['params.model IS NULL ', 21, ['AND']],
    ['metrics.f1 > 0.9 a', 17, ['AND']],
    ['nothing.like.it', 0, []]
  ])('%j at %i', (text, from, options) => {
    const found = complete(text, FIELDS, values);
    expect([...found.options].sort()).toEqual([...options].sort());
    expect(found.options.length === 0 || found.from === from).toBe(true);
  });

  it('offers nothing where all is said', () => {
    expect(complete('params.model', FIELDS, values).options).toEqual([]);
  });
});

describe('filterOf', () => {
  it.each([
    ['  ', null],
    ['forest 한글', "attributes.run_name ILIKE '%forest 한글%'"],
    ["o'clock", "attributes.run_name ILIKE '%o''clock%'"],
    ['lr_0', "attributes.run_name ILIKE '%lr\\_0%' ESCAPE '\\'"],
    ['90%', "attributes.run_name ILIKE '%90\\%%' ESCAPE '\\'"],
    ['a\\b', "attributes.run_name ILIKE '%a\\\\b%' ESCAPE '\\'"],
    [' metrics.f1>0.9 ', 'metrics.f1>0.9'],
    ['params.model IS NULL', 'params.model IS NULL'],
    ["run_id in ('a')", "run_id in ('a')"]
  ])('%j', (text, filter) => expect(filterOf(text)).toBe(filter));
});

describe('columns', () => {
  const names = { metrics: ['f1', 'val/auc'], params: ['`'], tags: ['t'] };
  const columns = allColumns(names, trans);

  it('are called as in the grammar', () => {
    expect(fieldName('metrics', 'f1')).toBe('metrics.f1');
    expect(fieldName('metrics', 'val/auc')).toBe('metrics.`val/auc`');
    expect(fieldName('params', '`')).toBe('params."`"');
    const ids = columns.map(({ id }) => id);
    expect(ids.slice(-4)).toEqual([
      'metrics.f1',
      'metrics.`val/auc`',
      'params."`"',
      'tags.t'
    ]);
  });

  it('show results and parameters first', () => {
    expect(firstColumns(columns).slice(-3)).toEqual([
      'metrics.f1',
      'metrics.`val/auc`',
      'params."`"'
    ]);
  });

  it('tell how long a run took', () => {
    const run = {
      started_at: '2026-11-23T10:00:00.000Z',
      ended_at: '2026-11-23T10:01:05.000Z'
    } as Run;
    expect(durationOf(run)).toBe(65_000);
    expect(durationOf({ ...run, ended_at: null, status: 'KILLED' })).toBeNull();
    expect(durationOf({ ...run, ended_at: run.started_at })).toBeNull();
    expect(formatDuration(1_240, trans)).toBe('1.2 s');
    expect(formatDuration(65_000, trans)).toBe('1 min 5 s');
    expect(formatDuration(7_260_000, trans)).toBe('2 h 1 min');
  });

  it('become CSV, numbers in full', () => {
    const run = {
      metrics: { f1: 0.123456789 },
      params: { '`': 'a,"b"\n' },
      tags: {}
    } as unknown as Run;
    expect(runsToCsv([run], columns.slice(-4))).toBe(
      '\uFEFFmetrics.f1,metrics.`val/auc`,"params.""`""",tags.t\r\n' +
        '0.123456789,,"a,""b""\n",\r\n'
    );
  });
});

describe('ordersAfter', () => {
  const metric = { group: 'metrics', id: 'metrics.f1' } as const;
  const param = { group: 'params', id: 'params.model' } as const;

  it('goes from best first over worst first to none', () => {
    const first = ordersAfter([], metric, false);
    const second = ordersAfter(first, metric, false);
    expect(orderBy(first)).toBe('metrics.f1 DESC');
    expect(orderBy(second)).toBe('metrics.f1 ASC');
    expect(orderBy(ordersAfter(second, metric, false))).toBeNull();
    expect(orderBy(ordersAfter(first, param, false))).toBe('params.model ASC');
  });

  it('sorts further', () => {
    const both = ordersAfter(ordersAfter([], param, false), metric, true);
    expect(orderBy(both)).toBe('params.model ASC, metrics.f1 DESC');
    const turned = ordersAfter(both, param, true);
    expect(orderBy(turned)).toBe('params.model DESC, metrics.f1 DESC');
    expect(orderBy(ordersAfter(turned, param, true))).toBe('metrics.f1 DESC');
  });
});
