/**
 * One column or tensor of a model's signature.
 *
 * `type` is MLflow's for a column (`double`), numpy's for a tensor (`float64`); only tensors have a shape, in which -1 is
 * the number of rows.
 */
export interface IColumn {
  name: string | null;
  type: string;
  shape: readonly number[] | null;
  isRequired: boolean;
}

type Json = Record<string, unknown>;

/**
 * Reads one side of a signature in MLflow's form; what MLflow does not write is left out.
 */
export function columnsOf(
  signature: Readonly<Json> | null,
  side: 'inputs' | 'outputs' | 'params'
): IColumn[] {
  const columns = signature?.[side];
  return Array.isArray(columns) ? columns.filter(isObject).map(toColumn) : [];
}

/**
 * The column's type with its shape: `double`, `float64 (n, 2)`.
 */
export function typeText({ shape, type }: IColumn): string {
  return shape === null
    ? type
    : `${type} (${shape.map(size => (size < 0 ? 'n' : size)).join(', ')})`;
}

function toColumn(column: Json): IColumn {
  const { name, required } = column;
  const tensor = column['tensor-spec'];
  const isTensor = isObject(tensor);
  return {
    name: typeof name === 'string' ? name : null,
    type: isTensor ? String(tensor.dtype) : columnType(column),
    shape:
      isTensor && Array.isArray(tensor.shape) ? tensor.shape.map(Number) : null,
    isRequired: required !== false && column.optional !== true
  };
}

function columnType({ type, items, dtype }: Json): string {
  return type === 'array' && isObject(items)
    ? `array of ${columnType(items)}`
    : String(type ?? dtype);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
