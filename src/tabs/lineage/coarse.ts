import type { IOrder, IPlace } from './places';

const SWEEPS = 12;

/**
 * Places for a graph that is too large to be looked at as a whole, in a fraction of a second: what comes first to the
 * left, each card near the middle of those that it is joined to, none upon another. Lines may pass below cards, which
 * takes most of the time to avoid.
 *
 * @param order - what is to be laid out.
 * @param across - how far the columns are from each other.
 * @param down - how far the cards of a column are from each other, at least.
 */
export function placeCoarsely(
  { edges, nodes }: IOrder,
  across: number,
  down: number
): IPlace[] {
  const at = new Map(nodes.map((id, index) => [id, index]));
  const before: number[][] = nodes.map(() => []);
  const after: number[][] = nodes.map(() => []);
  for (const [source, target] of edges) {
    const [from, to] = [at.get(source), at.get(target)];
    if (from !== undefined && to !== undefined) {
      after[from].push(to);
      before[to].push(from);
    }
  }
  const rank = ranksOf(before, after);
  const columns: number[][] = [];
  rank.forEach((column, index) => (columns[column] ??= []).push(index));
  const y = new Array<number>(nodes.length).fill(0);
  for (const column of columns) {
    column.forEach((index, row) => (y[index] = row * down));
  }
  const both = nodes.map((_, index) => [...before[index], ...after[index]]);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isLast = sweep >= SWEEPS - 2;
    const isForth = sweep % 2 === 0;
    const joined = isLast ? both : isForth ? before : after;
    for (const column of isForth ? columns : [...columns].reverse()) {
      settle(column, joined, y, down);
    }
  }
  return rank.map((column, index) => ({ x: column * across, y: y[index] }));
}

/**
 * In which column each is: right behind the last of those before it; what nothing comes before stands right before the
 * first that needs it. Of a circle one comes first.
 */
function ranksOf(before: number[][], after: number[][]): number[] {
  const missing = before.map(({ length }) => length);
  const rank = before.map(() => 0);
  const isDone = before.map(() => false);
  const ready: number[] = [];
  const take = (index: number) => {
    isDone[index] = true;
    ready.push(index);
  };
  missing.forEach((count, index) => count === 0 && take(index));
  let next = 0;
  for (let done = 0; done < before.length; done++) {
    while (ready.length === done) {
      if (!isDone[next]) {
        take(next);
      }
      next++;
    }
    for (const index of after[ready[done]]) {
      if (!isDone[index]) {
        rank[index] = Math.max(rank[index], rank[ready[done]] + 1);
        if (--missing[index] === 0) {
          take(index);
        }
      }
    }
  }
  after.forEach((found, index) => {
    if (before[index].length === 0 && found.length > 0) {
      rank[index] = Math.max(0, Math.min(...found.map(one => rank[one])) - 1);
    }
  });
  return rank;
}

/**
 * Sorts a column by where its cards are drawn to, and puts them as near there as they have room: where some are too
 * close, they share what is too little, so that the squares of how far they are off are least.
 */
function settle(
  column: number[],
  joined: readonly number[][],
  y: number[],
  down: number
): void {
  const wanted = new Map(
    column.map(index => {
      const found = joined[index];
      const sum = found.reduce((total, one) => total + y[one], 0);
      return [index, found.length > 0 ? sum / found.length : y[index]];
    })
  );
  const target = (index: number) => wanted.get(index) as number;
  column.sort((one, other) => target(one) - target(other));
  const blocks: { sum: number; count: number }[] = [];
  column.forEach((index, row) => {
    let block = { sum: target(index) - row * down, count: 1 };
    for (
      let last = blocks[blocks.length - 1];
      last && last.sum / last.count > block.sum / block.count;
      last = blocks[blocks.length - 1]
    ) {
      blocks.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    blocks.push(block);
  });
  let row = 0;
  for (const { count, sum } of blocks) {
    for (const end = row + count; row < end; row++) {
      y[column[row]] = sum / count + row * down;
    }
  }
}
