import { columnsOf } from '../../model/signature';
import { toInferenceRequest } from '../payload';

const COLUMNS = columnsOf(
  {
    inputs: [
      { type: 'double', name: 'width', required: true },
      { type: 'long', name: 'count', required: true },
      { type: 'string', name: '이름', required: true },
      { type: 'boolean', name: 'new', required: false }
    ]
  },
  'inputs'
);
const TENSORS = [
  { name: 'width', shape: [2, 1], datatype: 'FP64', data: [1, 2.5] },
  { name: 'count', shape: [2, 1], datatype: 'INT64', data: [3, 4] },
  { name: '이름', shape: [2, 1], datatype: 'BYTES', data: ["it's", null] },
  { name: 'new', shape: [2, 1], datatype: 'BOOL', data: [true, false] }
];
const NAMES = ['width', 'count', '이름', 'new'];
const ROWS = [
  [1, 3, "it's", true],
  [2.5, 4, null, false]
];
const RECORDS = ROWS.map(row =>
  Object.fromEntries(row.map((value, index) => [NAMES[index], value]))
);
const TABLE = Object.fromEntries(
  NAMES.map((name, index) => [name, ROWS.map(row => row[index])])
);

describe('toInferenceRequest', () => {
  it.each([
    { dataframe_split: { columns: NAMES, data: ROWS } },
    { dataframe_split: { index: [0, 1], columns: NAMES, data: ROWS } },
    { dataframe_records: RECORDS },
    { instances: RECORDS },
    { inputs: TABLE }
  ])('makes a tensor of each column of %j', payload => {
    expect(toInferenceRequest(payload, COLUMNS)).toEqual({ inputs: TENSORS });
  });

  it('guesses types that the signature does not tell', () => {
    const { inputs } = toInferenceRequest({ inputs: TABLE }, [])!;
    expect(inputs).toEqual(TENSORS);
    const more = { inputs: { a: [1, null], b: [1, 'x'], c: [1e300] } };
    expect(
      toInferenceRequest(more, [])!.inputs.map(({ datatype }) => datatype)
    ).toEqual(['FP64', 'BYTES', 'FP64']);
  });

  it.each([
    ['float32', 'FP32', [-1, 2]],
    ['int64', 'INT64', [-1, 2]],
    ['uint8', 'UINT8', [-1, 2]],
    ['bool', 'BOOL', [-1, 2]],
    ['object', 'INT64', [-1, 2]]
  ])('makes one tensor of an array of %s', (dtype, datatype, shape) => {
    const columns = columnsOf(
      { inputs: [{ type: 'tensor', 'tensor-spec': { dtype, shape } }] },
      'inputs'
    );
    const data = [
      [1, 2],
      [3, 4],
      [5, 6]
    ];
    const expected = {
      inputs: [{ name: 'input-0', shape: [3, 2], datatype, data }]
    };
    for (const payload of [
      { inputs: data },
      { instances: data },
      { dataframe_split: { data } }
    ]) {
      expect(toInferenceRequest(payload, columns)).toEqual(expected);
    }
  });

  it('keeps the rank of an array', () => {
    expect(toInferenceRequest({ inputs: [1, 2] }, [])?.inputs[0].shape).toEqual(
      [2]
    );
    expect(
      toInferenceRequest({ inputs: [[[1], [2]]] }, [])?.inputs[0].shape
    ).toEqual([1, 2, 1]);
  });

  it('leaves what is in the protocol already', () => {
    const payload = { inputs: TENSORS, outputs: [{ name: 'predict_proba' }] };
    expect(toInferenceRequest(payload, COLUMNS)).toBe(payload);
  });

  it.each([
    null,
    1,
    'text',
    [[1, 2]],
    {},
    { other: 1 },
    { inputs: {} },
    { inputs: { a: 1 } },
    { instances: [[1, 2], [3]] },
    { instances: [[{ a: 1 }]] },
    { dataframe_split: { columns: ['a'], data: [1] } },
    { dataframe_split: { columns: ['a', 'b'], data: [[1]] } }
  ])('has nothing for %j', payload => {
    expect(toInferenceRequest(payload, [])).toBeNull();
  });
});
