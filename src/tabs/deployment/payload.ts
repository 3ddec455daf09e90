import type { IColumn } from '../model/signature';

/**
 * A tensor of the Open Inference Protocol, version 2.
 */
export interface IRequestInput {
  name: string;
  shape: number[];
  datatype: string;
  data: unknown[];
}

export interface IInferenceRequest {
  inputs: IRequestInput[];
}

type Json = Record<string, unknown>;

const DATATYPES: Record<string, string> = {
  double: 'FP64',
  float: 'FP32',
  long: 'INT64',
  integer: 'INT32',
  boolean: 'BOOL',
  bool: 'BOOL',
  string: 'BYTES',
  binary: 'BYTES',
  datetime: 'BYTES'
};
const KINDS: Record<string, string> = { float: 'FP', int: 'INT', uint: 'UINT' };

/**
 * Whether the payload is a body of the Open Inference Protocol; else it is taken for one of MLflow's.
 */
export function isInferenceRequest(
  payload: unknown
): payload is IInferenceRequest {
  const inputs = isObject(payload) ? payload.inputs : null;
  return (
    Array.isArray(inputs) &&
    inputs.length > 0 &&
    inputs.every(tensor => isObject(tensor) && 'datatype' in tensor)
  );
}

/**
 * Says the same in the Open Inference Protocol: one tensor for each column, or one for an array.
 *
 * @returns `null` if the payload is none of the bodies that MLflow defines, or is no table and no array.
 */
export function toInferenceRequest(
  payload: unknown,
  columns: readonly IColumn[]
): IInferenceRequest | null {
  if (isInferenceRequest(payload)) {
    return payload;
  }
  const table = isObject(payload) ? tableOf(payload) : null;
  if (table === null) {
    return null;
  }
  const inputs = Array.isArray(table)
    ? [toTensor(columns[0]?.name ?? 'input-0', table, columns[0])]
    : Object.entries(table).map(([name, values]) => {
        const column = columns.find(item => item.name === name);
        return Array.isArray(values) ? toColumn(name, values, column) : null;
      });
  return inputs.length > 0 && inputs.every(isTensor) ? { inputs } : null;
}

/**
 * The data of a body of MLflow's: columns by name, or an array.
 */
function tableOf(payload: Json): Json | unknown[] | null {
  const { dataframe_split: split, dataframe_records: records } = payload;
  if (isObject(split) && Array.isArray(split.data)) {
    const rows = split.data;
    return Array.isArray(split.columns) ? fromRows(split.columns, rows) : rows;
  }
  const values = records ?? payload.instances ?? payload.inputs;
  if (Array.isArray(values)) {
    return values.length > 0 && values.every(isObject)
      ? fromRecords(values)
      : values;
  }
  return isObject(payload.inputs) ? payload.inputs : null;
}

function fromRows(names: unknown[], rows: unknown[]): Json | null {
  const isTable = rows.every(
    row => Array.isArray(row) && row.length === names.length
  );
  return isTable
    ? Object.fromEntries(
        names.map((name, index) => [
          String(name),
          rows.map(row => (row as unknown[])[index])
        ])
      )
    : null;
}

function fromRecords(records: Json[]): Json {
  return Object.fromEntries(
    Object.keys(records[0]).map(name => [
      name,
      records.map(record => record[name] ?? null)
    ])
  );
}

function toColumn(
  name: string,
  values: unknown[],
  column: IColumn | undefined
): IRequestInput | null {
  const tensor = toTensor(name, values, column);
  return tensor?.shape.length === 1
    ? { ...tensor, shape: [values.length, 1] }
    : tensor;
}

function toTensor(
  name: string,
  values: unknown[],
  column: IColumn | undefined
): IRequestInput | null {
  const data = values.flat(Infinity);
  const shape = shapeOf(values);
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size || data.some(isObject)) {
    return null;
  }
  const datatype = datatypeOf(column) ?? inferDatatype(data);
  return { name, shape, datatype, data: values };
}

function shapeOf(values: unknown): number[] {
  return Array.isArray(values) ? [values.length, ...shapeOf(values[0])] : [];
}

function datatypeOf(column: IColumn | undefined): string | null {
  const type = column?.type ?? '';
  const [, kind, bits] = /^(float|int|uint)(8|16|32|64)$/.exec(type) ?? [];
  return kind ? `${KINDS[kind]}${bits}` : (DATATYPES[type] ?? null);
}

function inferDatatype(data: readonly unknown[]): string {
  if (data.every(value => typeof value === 'boolean')) {
    return 'BOOL';
  }
  if (data.every(Number.isSafeInteger)) {
    return 'INT64';
  }
  // a missing number is null
  return data.every(value => value === null || typeof value === 'number')
    ? 'FP64'
    : 'BYTES';
}

function isTensor(input: IRequestInput | null): input is IRequestInput {
  return input !== null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
