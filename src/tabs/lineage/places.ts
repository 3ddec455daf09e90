export interface IPlace {
  x: number;
  y: number;
}

export type Places = ReadonlyMap<string, IPlace>;

/**
 * What is to be laid out.
 */
export interface IOrder {
  nodes: string[];
  edges: [string, string][];
}
