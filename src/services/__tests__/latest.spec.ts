import { PromiseDelegate } from '@lumino/coreutils';

import { Latest } from '../latest';

it('shares one further run among the calls during a run', async () => {
  const gates = [new PromiseDelegate<void>(), new PromiseDelegate<void>()];
  let count = 0;
  const action = () => gates[count++].promise;
  const latest = new Latest(action);
  const first = latest.run();
  const [second, third] = [latest.run(), latest.run()];
  expect(second).toBe(third);
  expect(latest.idle).toBe(second);
  gates[0].resolve();
  await first;
  gates[1].resolve();
  await second;
  expect(count).toBe(2);
});
